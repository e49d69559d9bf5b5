using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.SingleUse;

/// <summary>Remembers used tokens in the memory of this process. Each use forgets those whose time is over.</summary>
public sealed class InMemoryUsedTokens : IUsedTokens
{
    private readonly Lock _lock = new();
    private readonly HashSet<(TenantId Tenant, string Token)> _used = [];
    private readonly PriorityQueue<(TenantId Tenant, string Token), long> _due = new();
    private readonly SessionClock _clock;

    /// <summary>Begins without any.</summary>
    /// <param name="time">The clock.</param>
    public InMemoryUsedTokens(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _clock = new(time);
    }

    /// <summary>How many are remembered.</summary>
    internal int Count => _used.Count;

    /// <inheritdoc/>
    public ValueTask<bool> TryUseAsync(TenantId tenant, string token, TimeSpan retention, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(retention, TimeSpan.Zero);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            while (_due.TryPeek(out var oldest, out var at) && at <= _clock.Ticks)
            {
                _due.Dequeue();
                _used.Remove(oldest);
            }

            if (!_used.Add((tenant, token)))
            {
                return new(false);
            }

            _due.Enqueue((tenant, token), _clock.Ticks + retention.Ticks);
            return new(true);
        }
    }
}
