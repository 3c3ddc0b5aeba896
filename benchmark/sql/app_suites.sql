SELECT suite, framing, count(*)::BIGINT AS trials
FROM trials
GROUP BY ALL
ORDER BY suite, framing;
