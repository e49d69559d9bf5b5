using System.CommandLine;
using Stateroom.Cli.Administration;

namespace Stateroom.Cli.Commands;

/// <summary>Options of the commands that use the administration API.</summary>
internal sealed class AdminOptions
{
    private const string TokenVariable = "STATEROOM_ADMIN_TOKEN";
    private const string DevelopmentToken = "admin-token";

    private readonly Option<Uri> _url = new("--url")
    {
        Description = "The administration API",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri("http://localhost:3000/admin"),
        CustomParser = SharedOptions.ParseUrl,
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = $"A credential with the scope stateroom:admin. Left out, what the variable {TokenVariable} holds, or the development key",
        HelpName = "TOKEN",
    };

    private readonly Option<FileInfo?> _json = SharedOptions.Json();

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_url);
        command.Add(_token);
        command.Add(_json);
    }

    public AdminClient Client(ParseResult parsed) => new(
        parsed.GetRequiredValue(_url),
        parsed.GetValue(_token) ?? (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token : DevelopmentToken));

    public FileInfo? Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Names a tenant in a path as the API does; what it gave as a path already stays.</summary>
    public static string Segment(string tenant) => Uri.EscapeDataString(tenant);
}
