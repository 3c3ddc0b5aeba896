SELECT suite, framing, count(*)::BIGINT AS trials
FROM trials
WHERE NOT starts_with(suite, 'uplift:')
GROUP BY ALL
ORDER BY suite, framing;
