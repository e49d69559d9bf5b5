using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Stateroom.Cli.Reports;

/// <summary>Shows what the administration API tells.</summary>
internal static class AdminText
{
    private const int ShortReference = 12;

    public static Table Tenants(IEnumerable<JsonObject> tenants)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("Tenant");
        table.AddColumn(new TableColumn("Sessions").RightAligned());
        table.AddColumn("Limits");
        foreach (var tenant in tenants)
        {
            var limits = (tenant["limits"] as JsonArray ?? []).OfType<JsonObject>().Select(l => $"{l["limit"]}: {l["used"]} of {l["maximum"]}");
            table.AddRow(Cell(tenant["path"]), Cell(tenant["sessions"]), string.Join("; ", limits).EscapeMarkup());
        }

        return table;
    }

    public static Table Sessions(IEnumerable<JsonObject> sessions)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("Session", "Owner", "Era", "Client", "Created", "Last used", "Expires");
        table.AddColumn(new TableColumn("State, bytes").RightAligned());
        table.AddColumn("Streams");
        foreach (var session in sessions)
        {
            var reference = session["reference"]?.ToString() ?? "";
            var streams = (session["streams"] as JsonArray ?? []).OfType<JsonObject>().Select(s => $"{s["kind"]} at {s["instance"]}");
            table.AddRow(
                (reference.Length > ShortReference ? reference[..ShortReference] : reference).EscapeMarkup(),
                session["owner"] is null ? "[dim]anonymous[/]" : Cell(session["owner"]),
                Cell(session["era"]),
                session["client"] is JsonObject client ? $"{client["name"]} {client["version"]}".Trim().EscapeMarkup() : "",
                Time(session["createdAt"]),
                Time(session["lastActiveAt"]),
                Time(session["expiresAt"]),
                Cell(session["stateBytes"]),
                string.Join(", ", streams).EscapeMarkup());
        }

        return table;
    }

    private static string Cell(JsonNode? value) => (value?.ToString() ?? "").EscapeMarkup();

    private static string Time(JsonNode? value) =>
        DateTimeOffset.TryParse(value?.ToString(), CultureInfo.InvariantCulture, out var time) ? time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "";
}
