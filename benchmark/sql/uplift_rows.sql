FROM uplift WHERE entry_id = $entry_id AND suite = $suite ORDER BY language;
