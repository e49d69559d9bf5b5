using System.Threading.Channels;
using Stateroom.Messaging;
using Xunit;

namespace Stateroom.Redis.Tests.Support;

/// <summary>Keeps what a backplane tells.</summary>
internal sealed class SignalRecorder : IDisposable
{
    private readonly Channel<SessionSignal> _heard = Channel.CreateUnbounded<SessionSignal>();
    private readonly IDisposable _subscription;

    public SignalRecorder(ISessionBackplane backplane) =>
        _subscription = backplane.Subscribe((signal, cancellationToken) => _heard.Writer.WriteAsync(signal, cancellationToken));

    /// <summary>Waits for the next signals.</summary>
    public async Task<IReadOnlyList<SessionSignal>> TakeAsync(int count)
    {
        var taken = new List<SessionSignal>();
        while (taken.Count < count)
        {
            taken.Add(await _heard.Reader.ReadAsync(TestContext.Current.CancellationToken));
        }

        return taken;
    }

    public void Dispose() => _subscription.Dispose();
}
