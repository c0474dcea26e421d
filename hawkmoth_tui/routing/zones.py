"""Where clocks show what: places as people name them, and their time zone in the IANA database. Data and a look-up.

A country stands here only when one clock rules it; a name that several large places share does not.
"""

from __future__ import annotations

_PLACES = """
Africa/Abidjan: abidjan, ivory coast
Africa/Accra: accra, ghana
Africa/Addis_Ababa: addis ababa, ethiopia
Africa/Algiers: algiers, algeria
Africa/Cairo: cairo, egypt
Africa/Casablanca: casablanca, morocco
Africa/Dakar: dakar, senegal
Africa/Johannesburg: johannesburg, cape town, pretoria, durban, south africa
Africa/Kampala: kampala, uganda
Africa/Khartoum: khartoum
Africa/Kinshasa: kinshasa
Africa/Lagos: lagos, abuja, nigeria
Africa/Luanda: luanda, angola
Africa/Maputo: maputo, mozambique
Africa/Nairobi: nairobi, kenya
Africa/Tunis: tunis, tunisia
America/Anchorage: anchorage, alaska
America/Argentina/Buenos_Aires: buenos aires, argentina
America/Asuncion: asuncion, paraguay
America/Bogota: bogota, bogotá, medellin, colombia
America/Caracas: caracas, venezuela
America/Chicago: chicago, dallas, houston, austin, new orleans, minneapolis, st. louis, nashville, milwaukee, texas
America/Costa_Rica: costa rica
America/Denver: denver, salt lake city, boulder, colorado
America/Detroit: detroit, michigan
America/Edmonton: edmonton, calgary, alberta
America/El_Salvador: el salvador
America/Guatemala: guatemala
America/Guayaquil: guayaquil, quito
America/Halifax: halifax, nova scotia
America/Havana: havana, cuba
America/Jamaica: jamaica
America/La_Paz: la paz, bolivia
America/Lima: lima, peru
America/Los_Angeles: los angeles, san francisco, seattle, san diego, las vegas, sacramento, california, silicon valley
America/Managua: managua, nicaragua
America/Mexico_City: mexico city
America/Montevideo: montevideo, uruguay
America/New_York: new york, new york city, nyc, boston, washington dc, washington d.c., miami, atlanta, philadelphia, pittsburgh
America/Panama: panama
America/Phoenix: phoenix, arizona
America/Puerto_Rico: puerto rico
America/Santiago: santiago de chile
America/Santo_Domingo: santo domingo, dominican republic
America/Sao_Paulo: sao paulo, são paulo, rio de janeiro, rio, brasilia, brasília
America/St_Johns: st. john's, newfoundland
America/Toronto: toronto, montreal, ottawa, quebec city
America/Vancouver: vancouver
America/Winnipeg: winnipeg, manitoba
Asia/Almaty: almaty, kazakhstan
Asia/Amman: amman
Asia/Baghdad: baghdad, iraq
Asia/Baku: baku, azerbaijan
Asia/Bangkok: bangkok, thailand
Asia/Beirut: beirut, lebanon
Asia/Colombo: colombo, sri lanka
Asia/Damascus: damascus, syria
Asia/Dhaka: dhaka, bangladesh
Asia/Dubai: dubai, abu dhabi, united arab emirates, uae
Asia/Ho_Chi_Minh: ho chi minh city, saigon, hanoi, vietnam
Asia/Hong_Kong: hong kong
Asia/Jakarta: jakarta
Asia/Jerusalem: jerusalem, tel aviv, haifa, israel
Asia/Kabul: kabul, afghanistan
Asia/Karachi: karachi, lahore, islamabad, pakistan
Asia/Kathmandu: kathmandu, nepal
Asia/Kolkata: kolkata, calcutta, mumbai, bombay, delhi, new delhi, bangalore, bengaluru, chennai, hyderabad, pune, india
Asia/Kuala_Lumpur: kuala lumpur, malaysia
Asia/Kuwait: kuwait
Asia/Macau: macau
Asia/Manila: manila, philippines, the philippines
Asia/Novosibirsk: novosibirsk
Asia/Pyongyang: pyongyang, north korea
Asia/Qatar: qatar, doha
Asia/Riyadh: riyadh, jeddah, mecca, saudi arabia
Asia/Seoul: seoul, busan, south korea, korea
Asia/Shanghai: shanghai, beijing, shenzhen, guangzhou, hangzhou, chengdu, wuhan, china
Asia/Singapore: singapore
Asia/Taipei: taipei, taiwan
Asia/Tashkent: tashkent, uzbekistan
Asia/Tbilisi: tbilisi
Asia/Tehran: tehran, iran
Asia/Thimphu: thimphu, bhutan
Asia/Tokyo: tokyo, osaka, kyoto, yokohama, sapporo, nagoya, japan
Asia/Ulaanbaatar: ulaanbaatar, ulan bator
Asia/Vladivostok: vladivostok
Asia/Yangon: yangon, rangoon, myanmar
Asia/Yerevan: yerevan, armenia
Atlantic/Azores: azores, the azores
Atlantic/Canary: canary islands, the canary islands, tenerife
Atlantic/Reykjavik: reykjavik, reykjavík, iceland
Australia/Adelaide: adelaide, south australia
Australia/Brisbane: brisbane, queensland
Australia/Darwin: darwin
Australia/Hobart: hobart, tasmania
Australia/Melbourne: melbourne
Australia/Perth: western australia
Australia/Sydney: sydney, canberra, new south wales
Europe/Amsterdam: amsterdam, rotterdam, the hague, netherlands, the netherlands, holland
Europe/Athens: athens, greece
Europe/Belgrade: belgrade, serbia
Europe/Berlin: berlin, munich, hamburg, frankfurt, cologne, stuttgart, leipzig, germany
Europe/Bratislava: bratislava, slovakia
Europe/Brussels: brussels, belgium
Europe/Bucharest: bucharest, romania
Europe/Budapest: budapest, hungary
Europe/Chisinau: chisinau, moldova
Europe/Copenhagen: copenhagen, denmark
Europe/Dublin: dublin, ireland
Europe/Helsinki: helsinki, finland
Europe/Istanbul: istanbul, ankara, turkey
Europe/Kyiv: kyiv, kiev, ukraine
Europe/Lisbon: lisbon, porto
Europe/Ljubljana: ljubljana, slovenia
Europe/London: london, manchester, edinburgh, glasgow, liverpool, england, scotland, wales, uk, the uk, great britain
Europe/Luxembourg: luxembourg
Europe/Madrid: madrid, barcelona, seville, valencia
Europe/Malta: malta
Europe/Minsk: minsk, belarus
Europe/Monaco: monaco
Europe/Moscow: moscow, st. petersburg, saint petersburg
Europe/Oslo: oslo, norway
Europe/Paris: paris, lyon, marseille, nice, bordeaux, france
Europe/Prague: prague, brno, czech republic, the czech republic, czechia
Europe/Riga: riga, latvia
Europe/Rome: rome, milan, naples, turin, venice, italy
Europe/Sarajevo: sarajevo
Europe/Skopje: skopje
Europe/Sofia: sofia, bulgaria
Europe/Stockholm: stockholm, gothenburg, sweden
Europe/Tallinn: tallinn, estonia
Europe/Tirane: tirana, albania
Europe/Vaduz: liechtenstein
Europe/Vienna: vienna, salzburg, graz, austria
Europe/Vilnius: vilnius, lithuania
Europe/Warsaw: warsaw, krakow, kraków, gdansk, poland
Europe/Zagreb: zagreb, croatia
Europe/Zurich: zurich, zürich, geneva, basel, bern, switzerland
Indian/Maldives: maldives, the maldives
Indian/Mauritius: mauritius
Pacific/Auckland: auckland, wellington, christchurch, new zealand
Pacific/Fiji: fiji
Pacific/Guam: guam
Pacific/Honolulu: honolulu, hawaii
UTC: utc, gmt, zulu
"""
"""Zone and its places, lower case."""

_CAPITALS = {
    "utc": "UTC",
    "gmt": "UTC",
    "zulu": "UTC",
    "nyc": "New York",
    "uk": "the UK",
    "the uk": "the UK",
    "uae": "the UAE",
}
_SMALL_WORDS = frozenset({"the", "de"})


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in _PLACES.strip().splitlines():
        zone, _, places = line.partition(": ")
        table |= dict.fromkeys(places.split(", "), zone)
        table[zone.casefold()] = zone
    return table


PLACES = _table()
"""Place, or IANA name, in lower case, to IANA name."""


def shown(place: str) -> str:
    """The place with its capitals: New York, the Netherlands."""
    if place in _CAPITALS:
        return _CAPITALS[place]
    if "/" in place:
        return PLACES[place]
    return " ".join(word if word in _SMALL_WORDS else word[:1].upper() + word[1:] for word in place.split(" "))
