//! A rate in two times: the days it applies to across, the days we learned of it downwards.
