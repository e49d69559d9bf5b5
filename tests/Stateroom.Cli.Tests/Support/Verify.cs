using Stateroom.Cli.Commands;
using Stateroom.Cli.Protocol;
using Stateroom.Cli.Reports;
using Stateroom.Cli.Verify;
using Stateroom.Cli.Verify.Profiles;

namespace Stateroom.Cli.Tests.Support;

/// <summary>Runs <c>verify</c> from a test and writes down what it said.</summary>
internal static class Verify
{
    public static VerifyOptions Options(params Uri[] urls) => new()
    {
        Urls = urls,
        Tokens = SharedOptions.DevelopmentTokens,
        Profile = ProfileReader.Default(),
        Eras = [Era.Handshake, Era.Stateless],
        Sessions = 8,
        Duration = TimeSpan.FromSeconds(2),
        Seed = 42,
        Patience = TimeSpan.FromSeconds(30),
    };

    public static async Task<VerifyReport> RunAsync(VerifyOptions options)
    {
        var report = await new Verification(options, TimeProvider.System).RunAsync(new Silent(), TestContext.Current.CancellationToken);
        Log(report, options);
        return report;
    }

    public static void Log(VerifyReport report, VerifyOptions options)
    {
        using var text = new StringWriter();
        var console = Spectre.Console.AnsiConsole.Create(new() { Ansi = Spectre.Console.AnsiSupport.No, Out = new Spectre.Console.AnsiConsoleOutput(text) });
        console.Profile.Width = 160;
        VerifyText.Write(console, report, options);
        TestContext.Current.TestOutputHelper?.WriteLine(text.ToString());
    }

    /// <summary>The verdicts that are not as they should be, in words.</summary>
    public static IEnumerable<string> Broken(VerifyReport report) => report.Checks.Where(c => c.Verdict is CheckVerdict.Broken).Select(c => c.Check).Distinct();

    private sealed class Silent : IProgress<VerifyProgress>
    {
        public void Report(VerifyProgress value)
        {
        }
    }
}
