FROM ranks WHERE framing = $framing ORDER BY suite, ranked_within, rate, model, entry_id;
