namespace Stateroom.Limits;

/// <summary>What a tenant or an owner has under way at this instance. Guarded by the lock of its <see cref="TenantTraffic"/>.</summary>
internal sealed class Traffic
{
    private readonly int[] _held = new int[3];
    private TokenBucket _bucket;

    public ref TokenBucket Bucket => ref _bucket;

    public ref int Held(AdmissionPlace place) => ref _held[(int)place];

    /// <summary>Whether it is as if it had never been.</summary>
    public bool IsIdle(RequestRate rate, TimeSpan now) => !_held.Any(held => held > 0) && Bucket.Out(rate, now) == 0;

    public LimitUse Use(RequestRate rate, TimeSpan now) =>
        new(Held(AdmissionPlace.Call), Held(AdmissionPlace.Stream), rate.Applies ? (int)Math.Ceiling(Bucket.Out(rate, now)) : 0);
}
