SELECT entry_id FROM entries ORDER BY entry_id;
