-- Wilson's 95 % interval of a proportion p on n (Wilson 1927); n need not be whole.
CREATE OR REPLACE MACRO wilson_centre(p, n) AS p + 1.959963984540054 ** 2 / (2 * n);
CREATE OR REPLACE MACRO wilson_reach(p, n) AS
    1.959963984540054 * sqrt(p * (1 - p) / n + 1.959963984540054 ** 2 / (4 * n * n));
-- NULL where there is no p or n: greatest and least alone would pass over a NULL and say 0 or 1. At 0 and 1
-- the limit is the rate itself, whatever rounding makes of the formula.
CREATE OR REPLACE MACRO wilson_low(p, n) AS CASE
    WHEN p IS NULL OR n IS NULL OR n <= 0 THEN NULL
    WHEN p <= 0 THEN 0
    ELSE greatest(0, (wilson_centre(p, n) - wilson_reach(p, n)) / (1 + 1.959963984540054 ** 2 / n))
END;
CREATE OR REPLACE MACRO wilson_high(p, n) AS CASE
    WHEN p IS NULL OR n IS NULL OR n <= 0 THEN NULL
    WHEN p >= 1 THEN 1
    ELSE least(1, (wilson_centre(p, n) + wilson_reach(p, n)) / (1 + 1.959963984540054 ** 2 / n))
END;

-- The 97.5 % point of Student's distribution with v degrees of freedom: from a table up to 4, then the expansion of
-- Abramowitz and Stegun (1964), 26.7.5, at the normal 1.959963984540054; within 0.0003 of the exact one.
CREATE OR REPLACE MACRO student_point(v) AS CASE v
    WHEN 1 THEN 12.706204736174698
    WHEN 2 THEN 4.302652729749462
    WHEN 3 THEN 3.182446305283710
    WHEN 4 THEN 2.776445105197793
    ELSE 1.959963984540054 + 2.372271230298562 / v + 2.8224986157396112 / v ** 2
        + 2.555849679507722 / v ** 3 + 1.5895340533938225 / v ** 4
END;

-- The n that the mean of a number between 0 and 1 amounts to: its variance clustered by question (`squares`
-- as in 3_rates.sql), or the number of questions where they do not differ.
CREATE OR REPLACE MACRO mean_n(mean, squares, n, questions) AS
    CASE
        WHEN questions = 1 OR squares <= 1e-12 * n * n THEN questions
        ELSE mean * (1 - mean) / (questions / (questions - 1) * squares / (n * n))
    END;

-- Of four numbers that of an option letter.
CREATE OR REPLACE MACRO of_letter(letter, a, b, c, d) AS
    CASE letter WHEN 'A' THEN a WHEN 'B' THEN b WHEN 'C' THEN c WHEN 'D' THEN d END;
