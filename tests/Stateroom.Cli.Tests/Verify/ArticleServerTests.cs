using Stateroom.Cli.Protocol;
using Stateroom.Cli.Verify;
using Stateroom.Cli.Verify.Profiles;

namespace Stateroom.Cli.Tests.Verify;

/// <summary>A server on another SDK, which knows nothing of this program: a profile is all that it takes.</summary>
public sealed class ArticleServerTests
{
    private static string Folder => Path.Combine(Repository.Root, "bench", "peers", "article");

    [Fact]
    public async Task It_keeps_what_it_is_told_and_lets_everybody_in()
    {
        Assert.True(Directory.Exists(Path.Combine(Folder, "node_modules")), $"Run `npm ci` in {Folder}, or ./eng/test.sh.");
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var node = ChildProcess.Start("node", ["server.mjs"], Folder, new Dictionary<string, string> { ["PORT"] = "0" }, line =>
        {
            if (line.StartsWith("Now listening on: ", StringComparison.Ordinal))
            {
                listening.TrySetResult(new Uri(line["Now listening on: ".Length..]));
            }
        });
        var address = await listening.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        var options = Support.Verify.Options(new Uri(address, "/mcp")) with
        {
            Eras = [Era.Handshake],
            Profile = ProfileReader.Read(new FileInfo(Path.Combine(Folder, "profile.json"))),
        };

        var report = await Support.Verify.RunAsync(options);

        // One process that works on one thing at a time loses nothing. But whoever knows an id is let in: nobody asks whose it is.
        Assert.Equal(CheckVerdict.NotChecked, VerdictOf(CheckNames.Markers));
        Assert.Equal(CheckVerdict.Holds, VerdictOf(CheckNames.Linearizable));
        Assert.Equal(CheckVerdict.Holds, VerdictOf(CheckNames.Kept));
        Assert.Equal(CheckVerdict.Holds, VerdictOf(CheckNames.Ended));
        Assert.Equal(CheckVerdict.Broken, VerdictOf(CheckNames.Foreign));
        Assert.Equal(CheckVerdict.NotChecked, VerdictOf(CheckNames.Answers));
        Assert.Equal(CheckVerdict.Holds, VerdictOf(CheckNames.Ids));

        CheckVerdict VerdictOf(string check) => Assert.Single(report.Checks, c => c.Check == check).Verdict;
    }
}
