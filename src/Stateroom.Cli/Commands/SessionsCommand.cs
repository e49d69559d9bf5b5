using System.CommandLine;
using Spectre.Console;
using Stateroom.Cli.Protocol;
using Stateroom.Cli.Reports;

namespace Stateroom.Cli.Commands;

/// <summary><c>stateroom sessions</c>.</summary>
internal static class SessionsCommand
{
    public static Command Create() => new("sessions", "Lists, shows and ends the sessions of a server. Sessions are named by their references, never by their ids.") { List(), Show(), End() };

    private static Command List()
    {
        var (admin, tenant) = (new AdminOptions(), Tenant());
        var owner = new Option<string?>("--owner") { Description = "Only those of this owner" };
        var era = new Option<Era?>("--era") { Description = "Only those of this era" };
        var command = new Command("list", "Lists the sessions of a tenant.") { tenant, owner, era }.WithExamples(
            "stateroom sessions list acme",
            "stateroom sessions list acme --owner alice --era handshake");
        admin.AddTo(command);
        command.Does(async (parsed, cancellationToken) =>
        {
            using var client = admin.Client(parsed);
            var path = $"{Path(parsed.GetRequiredValue(tenant))}?limit=200{Query("owner", parsed.GetValue(owner))}{Query("era", parsed.GetValue(era) is { } e ? VerifyText.NameOf(e) : null)}";
            var sessions = await client.ListAsync(path, "sessions", cancellationToken).ToListAsync(cancellationToken);
            Screen.Out.Write(AdminText.Sessions(sessions));
            await JsonReport.WriteAsync(admin.Json(parsed), sessions);
            return ExitCode.Holds;
        });
        return command;
    }

    private static Command Show()
    {
        var (admin, tenant, reference) = (new AdminOptions(), Tenant(), Reference());
        var command = new Command("show", "Shows one session: whose it is, since when, its streams; never its state.") { tenant, reference }.WithExamples("stateroom sessions show acme 1f3870be274f");
        admin.AddTo(command);
        command.Does(async (parsed, cancellationToken) =>
        {
            using var client = admin.Client(parsed);
            var session = await client.SendAsync(HttpMethod.Get, $"{Path(parsed.GetRequiredValue(tenant))}/{Uri.EscapeDataString(parsed.GetRequiredValue(reference))}", cancellationToken);
            Screen.Out.Write(AdminText.Sessions([session!]));
            await JsonReport.WriteAsync(admin.Json(parsed), session);
            return ExitCode.Holds;
        });
        return command;
    }

    private static Command End()
    {
        var (admin, tenant, reference) = (new AdminOptions(), Tenant(), Reference());
        reference.Arity = ArgumentArity.ZeroOrOne;
        var owner = new Option<string?>("--owner") { Description = "End all of this owner" };
        var all = new Option<bool>("--all") { Description = "End all of the tenant" };
        var command = new Command("end", "Ends one session, all of an owner, or all of a tenant; everything that they hold is gone.") { tenant, reference, owner, all }.WithExamples(
            "stateroom sessions end acme 1f3870be274f",
            "stateroom sessions end acme --owner alice",
            "stateroom sessions end acme --all");
        admin.AddTo(command);
        command.Does(async (parsed, cancellationToken) =>
        {
            var which = (parsed.GetValue(reference), parsed.GetValue(owner), parsed.GetValue(all)) switch
            {
                ({ } one, null, false) => $"/{Uri.EscapeDataString(one)}",
                (null, { } name, false) => $"?owner={Uri.EscapeDataString(name)}",
                (null, null, true) => "?confirm=all",
                _ => throw new UsageException("Say which to end: a reference, --owner NAME, or --all."),
            };
            using var client = admin.Client(parsed);
            var answer = await client.SendAsync(HttpMethod.Delete, Path(parsed.GetRequiredValue(tenant)) + which, cancellationToken);
            Screen.Out.WriteLine(answer?["ended"] is { } ended ? $"{ended} ended." : "Ended.");
            await JsonReport.WriteAsync(admin.Json(parsed), answer ?? new() { ["ended"] = 1 });
            return ExitCode.Holds;
        });
        return command;
    }

    private static Argument<string> Tenant() => new("tenant") { Description = "The tenant, as 'stateroom tenants' names it" };

    private static Argument<string> Reference() => new("reference") { Description = "The session's reference, or its first 12 digits, which logs show" };

    private static string Path(string tenant) => $"tenants/{AdminOptions.Segment(tenant)}/sessions";

    private static string Query(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
