SELECT DISTINCT suite FROM trials WHERE framing = $framing AND arm = 'hinted' ORDER BY suite;
