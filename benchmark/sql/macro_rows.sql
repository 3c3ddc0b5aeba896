FROM macro WHERE framing = $framing ORDER BY suite, hint_kind, measure, rate NULLS LAST, model, entry_id;
