"""What `hawkmoth doctor` looks at. Each function examines one thing and answers with findings; nothing is changed, nothing is stored.

Facts that only a front end knows (is there a terminal, how large) come in as values.
"""
