using Stateroom.Cli.Commands;
using Stateroom.Cli.Load;
using Stateroom.Cli.Protocol;
using Stateroom.Cli.Reports;
using Stateroom.Cli.Verify;
using Stateroom.Cli.Verify.Profiles;

namespace Stateroom.Cli.Demo;

/// <summary>Three servers on one Redis behind a balancer, verified and loaded while they are killed one after the other.</summary>
internal sealed class DemoRun(DemoOptions options, TimeProvider time)
{
    private static readonly string[] _names = ["A", "B", "C"];

    /// <summary>Runs the whole demo; everything that it started is gone when it is over.</summary>
    /// <param name="board">Is told what happens.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="UsageException">It cannot run, for instance since there is no Redis.</exception>
    public async Task<DemoReport> RunAsync(IProgress<DemoBoard> board, CancellationToken cancellationToken)
    {
        using var redis = options.Redis is null ? await RedisServer.StartAsync(cancellationToken) : null;
        var instances = _names.Select(name => new Instance(name, options.Redis ?? redis!.Address)).ToList();
        try
        {
            Tell("Starting three servers");
            await Task.WhenAll(instances.Select(i => i.StartAsync(cancellationToken)));
            await using var proxy = await RoundRobinProxy.StartAsync(instances, cancellationToken);

            var verify = VerifyOptions(proxy.Endpoint);
            var verified = await DisruptedAsync(token => new Verification(verify, time).RunAsync(
                new Relay<VerifyProgress>(p => Tell($"verify, {VerifyText.Describe(p)}", proxy)), token));
            var loaded = cancellationToken.IsCancellationRequested ? null : await DisruptedAsync(token => new LoadRun(LoadOptions(proxy.Endpoint), time).RunAsync(
                new Relay<LoadProgress>(p => Tell($"load, {LoadText.Describe(p)}", proxy)), token));
            return new(verify, verified, loaded, [.. instances.Select(Row)], proxy.Sessions, proxy.Travelled);
        }
        finally
        {
            instances.ForEach(i => i.Dispose());
        }

        void Tell(string what, RoundRobinProxy? proxy = null) => board.Report(new(what, [.. instances.Select(Row)], proxy?.Sessions ?? 0, proxy?.Travelled ?? 0));

        async Task<T> DisruptedAsync<T>(Func<CancellationToken, Task<T>> work)
        {
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var disruption = new Disruption(instances, options.KillEvery, time).RunAsync(stopping.Token);
            try
            {
                return await work(cancellationToken);
            }
            finally
            {
                await stopping.CancelAsync();
                await disruption;
                await Task.WhenAll(instances.Where(i => i.State is not InstanceState.Ready && !cancellationToken.IsCancellationRequested).Select(i => i.StartAsync(cancellationToken)));
            }
        }
    }

    private static InstanceRow Row(Instance i) => new(i.Name, i.Address, i.State, i.Calls, i.Kills);

    private VerifyOptions VerifyOptions(Uri endpoint) => new()
    {
        Urls = [endpoint],
        Tokens = SharedOptions.DevelopmentTokens,
        Profile = ProfileReader.Default(),
        Eras = [Era.Handshake, Era.Stateless],
        Duration = options.Duration,
        Seed = options.Seed,
    };

    private LoadOptions LoadOptions(Uri endpoint) => new()
    {
        Urls = [endpoint],
        Tokens = SharedOptions.DevelopmentTokens,
        Era = Era.Handshake,
        Call = ProfileReader.Default().Counter!.Increment.Call(),
        Rate = options.Rate,
        Duration = options.Duration,
    };

    private sealed class Relay<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
