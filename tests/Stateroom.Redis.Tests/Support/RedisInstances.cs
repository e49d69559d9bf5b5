using Stateroom.Limits;
using Stateroom.Sessions;

namespace Stateroom.Redis.Tests.Support;

/// <summary>Instances of one test: they share their keys with each other and with no other test.</summary>
internal sealed class RedisInstances(Func<string> configuration) : IAsyncDisposable
{
    private readonly List<RedisInstance> _instances = [];
    private TimeSpan _skew;

    public string Prefix { get; } = $"test:{SessionId.New()}";

    public RedisInstance Add(SessionOptions? sessions = null, Action<RedisSessionOptions>? configure = null, LimitOptions? limits = null)
    {
        var instance = new RedisInstance(configuration(), Prefix, sessions ?? new SessionOptions(), configure, limits: limits);
        instance.Runner.Skew = _skew;
        _instances.Add(instance);
        return instance;
    }

    /// <summary>Lets the scripts' clock run ahead, once all that runs beside the calls is done.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        await Task.WhenAll(_instances.SelectMany(i => (Task[])[i.Store.Renewal, i.Admission.Releasing]));
        _skew += time;
        _instances.ForEach(i => i.Runner.Skew = _skew);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }
    }
}
