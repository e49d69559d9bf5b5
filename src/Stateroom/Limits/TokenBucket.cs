namespace Stateroom.Limits;

/// <summary>
/// A bucket whose tokens come back evenly. New, it is full. What is kept is how many are out, so that a bucket nobody used for a while is the same as none.
/// </summary>
/// <remarks>
/// Not <c>System.Threading.RateLimiting.TokenBucketRateLimiter</c>: it takes no clock, returns tokens in steps of its timer, and cannot take from two buckets or
/// neither. Redis does the same sum in Admit.lua.
/// </remarks>
internal struct TokenBucket
{
    private double _out;
    private TimeSpan _at;

    /// <summary>How many tokens are out.</summary>
    public readonly double Out(RequestRate rate, TimeSpan now) => Math.Max(0, _out - ((now - _at).TotalSeconds * rate.PerSecond));

    /// <summary>How long it takes until so many tokens are there; zero or less if they are.</summary>
    public readonly TimeSpan Wait(RequestRate rate, int tokens, TimeSpan now) =>
        rate.Applies ? TimeSpan.FromSeconds((Out(rate, now) + tokens - rate.Burst) / rate.PerSecond) : TimeSpan.Zero;

    /// <summary>Takes tokens.</summary>
    public void Take(RequestRate rate, int tokens, TimeSpan now)
    {
        if (rate.Applies)
        {
            (_out, _at) = (Out(rate, now) + tokens, now);
        }
    }
}
