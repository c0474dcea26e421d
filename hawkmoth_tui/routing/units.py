"""Units of measure as people write them. Data and a look-up; the factors are pint's.

Left out on purpose: money, whose rates change; months and years, which have no fixed length; tons and calories, which mean two things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.intents import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNITS = """
length
meter m: m, meter, meters, metre, metres
kilometer km: km, kms, kilometer, kilometers, kilometre, kilometres
centimeter cm: cm, cms, centimeter, centimeters, centimetre, centimetres
millimeter mm: mm, millimeter, millimeters, millimetre, millimetres
micrometer µm: µm, um, micrometer, micrometers, micrometre, micrometres, micron, microns
nanometer nm: nm, nanometer, nanometers, nanometre, nanometres
inch in: in, inch, inches, "
foot ft: ft, foot, feet, '
yard yd: yd, yds, yard, yards
mile mi: mi, mile, miles
nautical_mile nmi: nmi, nautical mile, nautical miles
light_year ly: ly, light year, light years, lightyear, lightyears, light-year, light-years
astronomical_unit au: au, astronomical unit, astronomical units
parsec pc: parsec, parsecs
mass
gram g: g, gr, gram, grams, gramme, grammes
kilogram kg: kg, kgs, kilo, kilos, kilogram, kilograms, kilogramme, kilogrammes
milligram mg: mg, milligram, milligrams
microgram µg: µg, mcg, microgram, micrograms
metric_ton t: tonne, tonnes, metric ton, metric tons
pound lb: lb, lbs, pound, pounds
ounce oz: oz, ounce, ounces
stone st: stone, stones
short_ton short tons: short ton, short tons, us ton, us tons
long_ton long tons: long ton, long tons, imperial ton, imperial tons
carat ct: carat, carats
volume
liter l: l, L, liter, liters, litre, litres
milliliter ml: ml, mL, milliliter, milliliters, millilitre, millilitres
centiliter cl: cl, centiliter, centiliters, centilitre, centilitres
deciliter dl: dl, deciliter, deciliters, decilitre, decilitres
hectoliter hl: hl, hectoliter, hectoliters, hectolitre, hectolitres
gallon US gal: gal, gallon, gallons, us gallon, us gallons
quart US qt: qt, quart, quarts, us quart, us quarts
pint US pt: pint, pints, us pint, us pints
cup US cups: cup, cups, us cup, us cups
fluid_ounce US fl oz: fl oz, fl. oz, fl. oz., floz, fluid ounce, fluid ounces, oz, ounce, ounces
tablespoon US tbsp: tbsp, tbsps, tablespoon, tablespoons
teaspoon US tsp: tsp, tsps, teaspoon, teaspoons
imperial_gallon imperial gal: imperial gallon, imperial gallons, uk gallon, uk gallons
imperial_pint imperial pt: imperial pint, imperial pints, uk pint, uk pints
meter**3 m³: m3, m³, m^3, cubic meter, cubic meters, cubic metre, cubic metres
centimeter**3 cm³: cm3, cm³, cm^3, cc, cubic centimeter, cubic centimeters, cubic centimetre, cubic centimetres
foot**3 ft³: ft3, ft³, cubic foot, cubic feet
inch**3 in³: in3, in³, cubic inch, cubic inches
oil_barrel bbl: bbl, oil barrel, oil barrels
area
meter**2 m²: m2, m², m^2, sqm, sq m, square meter, square meters, square metre, square metres
kilometer**2 km²: km2, km², km^2, sq km, square kilometer, square kilometers, square kilometre, square kilometres
centimeter**2 cm²: cm2, cm², cm^2, sq cm, square centimeter, square centimeters, square centimetre, square centimetres
foot**2 ft²: ft2, ft², ft^2, sqft, sq ft, sq. ft., square foot, square feet
inch**2 in²: in2, in², sq in, square inch, square inches
yard**2 yd²: yd2, yd², sq yd, square yard, square yards
mile**2 mi²: mi2, mi², sq mi, square mile, square miles
acre acres: acre, acres
hectare ha: ha, hectare, hectares
time
second s: s, sec, secs, second, seconds
millisecond ms: ms, millisecond, milliseconds
microsecond µs: µs, microsecond, microseconds
nanosecond ns: ns, nanosecond, nanoseconds
minute min: min, mins, minute, minutes
hour h: h, hr, hrs, hour, hours
day days: day, days
week weeks: week, weeks
fortnight fortnights: fortnight, fortnights
temperature
degree_Celsius °C: c, °c, celsius, degrees celsius, degree celsius, degrees c, deg c, centigrade, degrees centigrade
degree_Fahrenheit °F: f, °f, fahrenheit, degrees fahrenheit, degree fahrenheit, degrees f, deg f
kelvin K: k, kelvin, kelvins, degrees kelvin
speed
kilometer/hour km/h: km/h, kmh, kph, kmph, kilometers per hour, kilometres per hour
mile/hour mph: mph, mi/h, miles per hour, miles an hour
meter/second m/s: m/s, meters per second, metres per second
foot/second ft/s: ft/s, feet per second
knot kn: kn, kt, kts, knot, knots
angle
degree °: °, deg, degree, degrees
radian rad: rad, rads, radian, radians
arcminute arcmin: arcminute, arcminutes, arc minutes
arcsecond arcsec: arcsecond, arcseconds, arc seconds
turn turns: turn, turns
data
bit bits: bit, bits
byte bytes: B, byte, bytes
kilobyte kB: kb, kB, KB, kilobyte, kilobytes
megabyte MB: mb, MB, meg, megs, megabyte, megabytes
gigabyte GB: gb, GB, gig, gigs, gigabyte, gigabytes
terabyte TB: tb, TB, terabyte, terabytes
petabyte PB: pb, PB, petabyte, petabytes
kibibyte KiB: kib, KiB, kibibyte, kibibytes
mebibyte MiB: mib, MiB, mebibyte, mebibytes
gibibyte GiB: gib, GiB, gibibyte, gibibytes
tebibyte TiB: tib, TiB, tebibyte, tebibytes
kilobit kbit: kbit, Kb, kilobit, kilobits
megabit Mbit: mbit, Mb, megabit, megabits
gigabit Gbit: gbit, Gb, gigabit, gigabits
rate
megabit/second Mbit/s: Mb/s, mbps, Mbps, mbit/s, megabits per second
gigabit/second Gbit/s: Gb/s, gbps, Gbps, gbit/s, gigabits per second
kilobit/second kbit/s: kbps, kbit/s, kilobits per second
megabyte/second MB/s: MB/s, MBps, mb/s, megabytes per second
gigabyte/second GB/s: GB/s, GBps, gb/s, gigabytes per second
pressure
pascal Pa: pa, pascal, pascals
kilopascal kPa: kpa, kilopascal, kilopascals
hectopascal hPa: hpa, hectopascal, hectopascals
bar bar: bar, bars
millibar mbar: mbar, millibar, millibars
psi psi: psi
atmosphere atm: atm, atmosphere, atmospheres
mmHg mmHg: mmhg
energy
joule J: j, joule, joules
kilojoule kJ: kj, kilojoule, kilojoules
megajoule MJ: MJ, megajoule, megajoules
watt_hour Wh: wh, watt hour, watt hours, watt-hour, watt-hours
kilowatt_hour kWh: kwh, kilowatt hour, kilowatt hours, kilowatt-hour, kilowatt-hours
kilocalorie kcal: kcal, kcals, kilocalorie, kilocalories
british_thermal_unit BTU: btu, btus
electron_volt eV: ev, electronvolt, electronvolts
power
watt W: w, watt, watts
kilowatt kW: kw, kilowatt, kilowatts
megawatt MW: MW, megawatt, megawatts
horsepower hp: hp, horsepower
frequency
hertz Hz: hz, hertz
kilohertz kHz: khz, kilohertz
megahertz MHz: mhz, megahertz
gigahertz GHz: ghz, gigahertz
"""
"""A dimension, then its units: pint's name, how it is shown, and the words for it. A word with a capital means its unit in that writing."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One meaning of a word."""

    dimension: str
    unit: Unit


def _table() -> Mapping[str, tuple[Measure, ...]]:
    table: dict[str, tuple[Measure, ...]] = {}
    dimension = ""
    for line in _UNITS.strip().splitlines():
        head, colon, words = line.partition(": ")
        if not colon:
            dimension = line
            continue
        name, _, as_shown = head.partition(" ")
        measure = Measure(dimension, Unit(name, as_shown))
        for word in words.split(", "):
            table[word] = (*table.get(word, ()), measure)
    return table


WORDS = _table()


def read_pair(sources: tuple[str, ...], target: str) -> tuple[tuple[Unit, ...], Unit] | None:
    """Words for units of one dimension. None: a word is no unit, or they have no dimension in common."""
    meanings = [_meanings(word) for word in (*sources, target)]
    common = set.intersection(*({measure.dimension for measure in each} for each in meanings))
    if len(common) != 1:
        return None
    (dimension,) = common
    units = [next(measure.unit for measure in each if measure.dimension == dimension) for each in meanings]
    return tuple(units[:-1]), units[-1]


def _meanings(word: str) -> tuple[Measure, ...]:
    """As it is written, else in lower case."""
    return WORDS.get(word) or WORDS.get(word.casefold(), ())
