using Microsoft.Extensions.Options;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>
/// What is due from time to time while a stream is open: its session is kept alive, and where another instance fills it, somebody looks whether that one still lives.
/// </summary>
internal sealed class StreamUpkeep : IDisposable
{
    private static readonly TimeSpan LookAfterOthers = TimeSpan.FromSeconds(3);

    private readonly Services _services;
    private readonly SessionClaim _claim;
    private readonly string _stream;
    private readonly string? _otherInstance;
    private readonly TimeSpan _touchAfter;
    private readonly PeriodicTimer _timer;
    private long _touched;

    public StreamUpkeep(Services services, SessionClaim claim, string stream)
    {
        _services = services;
        _claim = claim;
        _stream = stream;
        _otherInstance = StreamNames.InstanceOf(stream) is { } instance && instance != services.Backplane.InstanceId ? instance : null;
        _touchAfter = services.Sessions.Value.IdleTimeout / 3;
        _touched = services.Time.GetTimestamp();
        TimeSpan[] periods = [services.Endpoint.Value.KeepAliveInterval, _touchAfter, _otherInstance is null ? TimeSpan.MaxValue : LookAfterOthers];
        _timer = new PeriodicTimer(periods.Min(), services.Time);
    }

    /// <summary>Waits until something is due and does it.</summary>
    /// <returns>False when the session is over.</returns>
    public async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (!await _timer.WaitForNextTickAsync(cancellationToken))
        {
            return false;
        }

        if (_otherInstance is not null && !await _services.Backplane.IsAliveAsync(_otherInstance, cancellationToken))
        {
            await _services.Orphans.EndAsync(_claim.Key, _stream, cancellationToken);
        }

        if (_services.Time.GetElapsedTime(_touched) < _touchAfter)
        {
            return true;
        }

        _touched = _services.Time.GetTimestamp();
        return await _services.Store.TouchAsync(_claim, cancellationToken) is not null;
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>What the upkeep of every stream uses.</summary>
    internal sealed record Services(
        ISessionStore Store,
        Orphans Orphans,
        ISessionBackplane Backplane,
        IOptions<SessionEndpointOptions> Endpoint,
        IOptions<SessionOptions> Sessions,
        TimeProvider Time);
}
