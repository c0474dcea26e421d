"""How to speak to a model server. The only package that knows httpx, and nothing here loads it before the first request.

The road of one answer: `connect` opens an `http_provider` with the wire its protocol names (`openai_chat`, `anthropic_messages`, `ollama`);
the wire maps the request, the `door` sends it, an `answer` comes back in bounded pieces under four clocks, `body` judges what it is, `sse`
or `ndjson` cut it into events, the wire's reader turns them into chunks by way of an `assembly`. Quirks of vendors are data in `profiles`;
refusals become errors in `failures`, what the network did in `transport`. `demo` is the simulated server at the other end.
"""
