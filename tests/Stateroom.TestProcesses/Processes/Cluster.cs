using Stateroom.TestProcesses.Http;

namespace Stateroom.TestProcesses.Processes;

/// <summary>One redis-server, some instances of a program, and a balancer in front: all of them processes. Or one instance alone, with its store in its process.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private const string Key = "acme/alice";

    private readonly List<Instance> _instances = [];
    private readonly List<TcpProxy> _proxies = [];
    private readonly RedisProcess? _redis;
    private Balancer? _balancer;

    private Cluster(RedisProcess? redis) => _redis = redis;

    public RedisProcess Redis => _redis ?? throw new InvalidOperationException("This one has its store in its process.");

    /// <summary>Whether there is a Redis.</summary>
    public bool HasRedis => _redis is not null;

    /// <summary>Each stands between one instance and Redis.</summary>
    public IReadOnlyList<TcpProxy> Proxies => _proxies;

    public IReadOnlyList<Instance> Instances => _instances;

    public Instance A => _instances[0];

    public Instance B => _instances[1];

    public Instance C => _instances[2];

    /// <summary>The endpoint behind the balancer.</summary>
    public Uri Endpoint => new(_balancer!.Address, "/mcp");

    public static string Weather => Repository.Program("src", "Stateroom.Server");

    public static string Probe => Repository.Program("tests", "Stateroom.ScaleOut.Fixture");

    public static string Conformance => Repository.Program("tests", "Stateroom.Conformance.Fixture");

    /// <summary>Starts a cluster and waits until each instance is ready.</summary>
    /// <param name="program">The program of the instances.</param>
    /// <param name="balancer">The balancer's file within <c>deploy</c>; null for none.</param>
    /// <param name="instances">How many instances.</param>
    /// <param name="proxied">Whether the instances reach Redis through proxies.</param>
    /// <param name="tellInstance">Whether the balancer tells who answered.</param>
    /// <param name="arguments">More settings for the instances.</param>
    public static async Task<Cluster> StartAsync(
        string program,
        string? balancer = null,
        int instances = 3,
        bool proxied = false,
        bool tellInstance = false,
        string[]? arguments = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var cluster = new Cluster(await RedisProcess.StartAsync(cancellationToken));
        try
        {
            for (var i = 0; i < instances; i++)
            {
                var port = cluster.Redis.Port;
                if (proxied)
                {
                    cluster._proxies.Add(new TcpProxy(cluster.Redis.Address));
                    port = cluster._proxies[i].Endpoint.Port;
                }

                cluster._instances.Add(new Instance(
                    program,
                    [$"--ConnectionStrings:Redis=127.0.0.1:{port}", "--Redis:HeartbeatInterval=00:00:00.5", "--Redis:InstanceTimeout=00:00:02", .. arguments ?? []]));
            }

            await Task.WhenAll(cluster._instances.Select(i => i.StartReadyAsync(cancellationToken)));
            if (balancer is not null)
            {
                cluster._balancer = await cluster.BalanceAsync(balancer, tellInstance);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one instance with its store in its process, and waits until it is ready.</summary>
    /// <param name="program">The program of the instance.</param>
    /// <param name="arguments">More settings for it.</param>
    public static async Task<Cluster> StartAloneAsync(string program, params string[] arguments)
    {
        var cluster = new Cluster(redis: null);
        cluster._instances.Add(new Instance(program, arguments));
        try
        {
            await cluster.A.StartReadyAsync(TestContext.Current.CancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts one more balancer in front.</summary>
    public Task<Balancer> BalanceAsync(string file, bool tellInstance = false) =>
        Balancer.StartAsync(file, [.. _instances.Select(i => i.Port)], tellInstance, TestContext.Current.CancellationToken);

    /// <summary>A client that talks to one instance.</summary>
    public static RawClient Client(Instance instance, string key = Key) => new(instance.Endpoint, key);

    /// <summary>The same session, through another instance.</summary>
    public static RawClient Client(Instance instance, RawClient session, string key = Key) => new(instance.Endpoint, key) { SessionId = session.SessionId };

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result is TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join("\n\n", _instances.Select((i, n) => $"Instance {n}:\n{Tail(i.Output)}")) + $"\n\nBalancer:\n{_balancer?.Output}");
        }

        if (_balancer is not null)
        {
            await _balancer.DisposeAsync();
        }

        await Task.WhenAll(_instances.Select(i => i.DisposeAsync().AsTask()));
        await Task.WhenAll(_proxies.Select(p => p.DisposeAsync().AsTask()));

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    private static string Tail(string text) => text.Length > 6000 ? text[^6000..] : text;
}
