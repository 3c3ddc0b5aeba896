FROM leaderboard WHERE framing = $framing;
