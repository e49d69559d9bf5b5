using System.Globalization;
using StackExchange.Redis;
using Xunit;

namespace Stateroom.Redis.Tests.Support;

/// <summary>A Redis Cluster of three primaries on the loopback.</summary>
public sealed class RedisCluster : IAsyncLifetime
{
    private const int Slots = 16384;
    private const int Nodes = 3;

    private readonly List<RedisServer> _nodes = [];

    public string Configuration => string.Join(',', _nodes.Select(n => n.Configuration));

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < Nodes; i++)
        {
            // The cluster's bus needs a port of its own; by default that is the port plus 10,000, which may be none.
            var node = new RedisServer(
                "--cluster-enabled", "yes", "--cluster-port", RedisServer.FreePort().ToString(CultureInfo.InvariantCulture), "--cluster-node-timeout", "15000");
            _nodes.Add(node);
            await node.InitializeAsync();
        }

        for (var i = 0; i < Nodes; i++)
        {
            await ExecuteAsync(_nodes[i], "CLUSTER", ["ADDSLOTSRANGE", i * Slots / Nodes, ((i + 1) * Slots / Nodes) - 1]);
            await ExecuteAsync(_nodes[i], "CLUSTER", ["SET-CONFIG-EPOCH", i + 1]);
        }

        foreach (var node in _nodes.Skip(1))
        {
            var bus = (string)(await ExecuteAsync(node, "CONFIG", ["GET", "cluster-port"]))[1]!;
            await ExecuteAsync(_nodes[0], "CLUSTER", ["MEET", "127.0.0.1", node.Port, bus]);
        }

        foreach (var node in _nodes)
        {
            await Eventually.TrueAsync(async () =>
                (string)(await ExecuteAsync(node, "CLUSTER", ["INFO"]))! is { } info
                && info.Contains("cluster_state:ok", StringComparison.Ordinal)
                && info.Contains($"cluster_known_nodes:{Nodes}", StringComparison.Ordinal)
                && info.Contains($"cluster_size:{Nodes}", StringComparison.Ordinal));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private static async Task<RedisResult> ExecuteAsync(RedisServer node, string command, object[] arguments)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{node.Configuration},allowAdmin=true");
        return await connection.GetServers()[0].ExecuteAsync(command, arguments);
    }
}
