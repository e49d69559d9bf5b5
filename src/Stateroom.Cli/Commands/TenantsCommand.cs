using System.CommandLine;
using Stateroom.Cli.Reports;

namespace Stateroom.Cli.Commands;

/// <summary><c>stateroom tenants</c>.</summary>
internal static class TenantsCommand
{
    public static Command Create()
    {
        var admin = new AdminOptions();
        var command = new Command("tenants", "Lists the tenants with sessions, and how much of their limits they use.").WithExamples(
            "stateroom tenants",
            "STATEROOM_ADMIN_TOKEN=… stateroom tenants --url https://mcp.example.org/admin");
        admin.AddTo(command);
        command.Does(async (parsed, cancellationToken) =>
        {
            using var client = admin.Client(parsed);
            var tenants = await client.ListAsync("tenants?limit=200", "tenants", cancellationToken).ToListAsync(cancellationToken);
            Screen.Out.Write(AdminText.Tenants(tenants));
            await JsonReport.WriteAsync(admin.Json(parsed), tenants);
            return ExitCode.Holds;
        });
        return command;
    }
}
