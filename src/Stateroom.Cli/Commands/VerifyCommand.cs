using System.CommandLine;
using System.Security.Cryptography;
using Stateroom.Cli.Protocol;
using Stateroom.Cli.Reports;
using Stateroom.Cli.Verify;
using Stateroom.Cli.Verify.Profiles;

namespace Stateroom.Cli.Commands;

/// <summary><c>stateroom verify</c>.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var urls = SharedOptions.Urls();
        var tokens = SharedOptions.Tokens();
        var era = new Option<EraChoice>("--era") { Description = "Which clients to be", DefaultValueFactory = _ => EraChoice.Both };
        var sessions = SharedOptions.Sessions(12);
        var duration = SharedOptions.Time("--duration", "How long to drive the server in each era", TimeSpan.FromSeconds(10));
        var idle = SharedOptions.OptionalTime("--idle", "The server's idle timeout, to be checked; the run then takes twice that and more");
        var seed = new Option<int?>("--seed") { Description = "Draw the same operations as a run before", HelpName = "NUMBER" };
        var profile = new Option<FileInfo?>("--profile") { Description = "What to call on a server that is not Stateroom's weather server", HelpName = "FILE" };
        var json = SharedOptions.Json();
        var command = new Command("verify", "Proves that a server keeps sessions apart and loses nothing: drives it at random and judges what it answers.")
        {
            urls, tokens, era, sessions, duration, idle, seed, profile, json,
        }.WithExamples(
            "stateroom verify --url http://localhost:3000/mcp",
            "stateroom verify --url http://localhost:3000/mcp --token KEY1 --token KEY2 --duration 1m --sessions 50",
            "stateroom verify --url http://localhost:3001/mcp --url http://localhost:3002/mcp --era handshake --idle 10s",
            "stateroom verify --url http://localhost:8080/mcp --profile mine.json --json report.json");
        command.Does(async (parsed, cancellationToken) =>
        {
            var chosen = parsed.GetValue(profile) is { } file ? ProfileReader.Read(file) : ProfileReader.Default();
            var options = new VerifyOptions
            {
                Urls = parsed.GetRequiredValue(urls),
                Tokens = parsed.GetValue(tokens) is { Length: > 0 } given ? given : SharedOptions.DevelopmentTokens,
                Profile = chosen,
                Eras = ErasOf(parsed.GetValue(era), chosen),
                Sessions = parsed.GetValue(sessions),
                Duration = parsed.GetValue(duration),
                Idle = parsed.GetValue(idle),
                Seed = parsed.GetValue(seed) ?? RandomNumberGenerator.GetInt32(1_000_000),
            };
            var report = await ProgressDisplay.RunAsync<VerifyProgress, VerifyReport>(
                VerifyText.Describe, progress => new Verification(options, TimeProvider.System).RunAsync(progress, cancellationToken));
            VerifyText.Write(Screen.Out, report, options);
            await JsonReport.WriteAsync(parsed.GetValue(json), report);
            return report.ExitCode;
        });
        return command;
    }

    private static Era[] ErasOf(EraChoice choice, Profile profile) => choice switch
    {
        EraChoice.Handshake => [Era.Handshake],
        EraChoice.Stateless => [Era.Stateless],
        _ => profile.Handle is null ? [Era.Handshake] : [Era.Handshake, Era.Stateless],
    };
}

/// <summary>What <c>--era</c> can be.</summary>
internal enum EraChoice
{
    Handshake,
    Stateless,
    Both,
}
