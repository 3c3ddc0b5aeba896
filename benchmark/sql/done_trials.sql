SELECT trial_id FROM trials WHERE entry_id = $entry_id;
