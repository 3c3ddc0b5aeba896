-- Wilson's 95 % interval of a proportion p on n (Wilson 1927); n need not be whole.
CREATE OR REPLACE MACRO wilson_centre(p, n) AS p + 1.959963984540054 ** 2 / (2 * n);
CREATE OR REPLACE MACRO wilson_reach(p, n) AS
    1.959963984540054 * sqrt(p * (1 - p) / n + 1.959963984540054 ** 2 / (4 * n * n));
CREATE OR REPLACE MACRO wilson_low(p, n) AS
    greatest(0, (wilson_centre(p, n) - wilson_reach(p, n)) / (1 + 1.959963984540054 ** 2 / n));
CREATE OR REPLACE MACRO wilson_high(p, n) AS
    least(1, (wilson_centre(p, n) + wilson_reach(p, n)) / (1 + 1.959963984540054 ** 2 / n));
