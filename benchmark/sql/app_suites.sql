-- Suites and their framings; `plain`, the only one in default rates, stands first wherever there is a choice.
SELECT suite, framing, count(*)::BIGINT AS trials, count(*) FILTER (arm = 'hinted')::BIGINT AS hinted
FROM trials
WHERE NOT starts_with(suite, 'uplift:')
GROUP BY suite, framing
ORDER BY suite, framing <> 'plain', framing;
