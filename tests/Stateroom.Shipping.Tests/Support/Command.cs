namespace Stateroom.Shipping.Tests.Support;

/// <summary>Runs a program to its end, which must be a good one.</summary>
internal static class Command
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    public static async Task<string> RunAsync(string folder, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var all = arguments.ToList();
        await using var process = ChildProcess.Start(program, all, folder, environment);
        await process.WaitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', all)} ended with {process.ExitCode}:\n{process.Output}");
        return process.Output;
    }
}
