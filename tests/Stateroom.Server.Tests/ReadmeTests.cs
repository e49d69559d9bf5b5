using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.RegularExpressions;
using Stateroom.AspNetCore;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Authentication.Jwt;
using Stateroom.AspNetCore.Authorization;
using Stateroom.Diagnostics;
using Stateroom.Encryption;
using Stateroom.Limits;
using Stateroom.Server.Hosting;
using Stateroom.Server.Tests.Hosting;
using Stateroom.Server.Weather;
using Stateroom.Sessions;

namespace Stateroom.Server.Tests;

/// <summary>What the README says to type works as it stands there.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string _text = File.ReadAllText(Path.Combine(FindRoot(), "README.md"));
    private static readonly string[] _blocks = [.. BashBlock().Matches(_text).Select(match => match.Groups[1].Value)];

    [Fact]
    public async Task Its_curl_lines_lead_a_session_of_each_era_to_its_end()
    {
        // A machine under load may need longer for an answer than until it becomes an event stream.
        var (server, client) = await ServerProcess.StartAsync("Development", "--Stateroom:StreamAfter=00:01:00");
        await using (server)
        using (client)
        {
            var script = string.Concat(_blocks.Take(2)).Replace("http://localhost:3000/", client.BaseAddress!.ToString(), StringComparison.Ordinal);

            // Quotes within quotes are written in two ways: here they are all the same.
            var answers = (await BashAsync(script))
                .Replace("\\u0022", "'", StringComparison.Ordinal).Replace("\\\"", "'", StringComparison.Ordinal).Replace('"', '\'')
                .Split('\n').Where(line => line.Trim() is not ("" or "(200)"));

            Assert.Collection(
                answers,
                Holds("'preferredUnits':'imperial'", "(200)"),
                Holds("'city':'Pune'", "'units':'imperial','temperature':84.9", "(200)"),
                Holds("'tenant':'acme','owner':'alice'", "'toolCallCount':1", "(200)"),
                Holds("(204)"),
                Holds("Session not found", "(404)"),
                Holds("event: message"),
                Holds("data: {", "'units':'imperial','temperature':84.9"),
                Holds("event: message"),
                Holds("data: {", "'preferredUnits':'imperial','toolCallCount':1"),
                Holds("event: message"),
                Holds("data: {", "The session is ended."),
                Holds("event: message"),
                Holds("data: {", "There is no such session", "'isError':true"));
        }
    }

    [Fact]
    public async Task Its_lines_for_production_start_a_server_that_knows_the_key_and_no_other()
    {
        // In the place of `dotnet`: says with what it was called.
        var lines = (await BashAsync("dotnet() { printf '%s\\n' \"$@\"; }\n" + _blocks[2])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["run", "--project", "src/Stateroom.Server", "--no-launch-profile", "--"], lines[1..6]);

        var (server, client) = await ServerProcess.StartAsync("Production", lines[6..]);
        await using (server)
        using (client)
        {
            Assert.Equal(HttpStatusCode.OK, await PostAsync(client, lines[0]));
            Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(client, "dev-token"));
        }
    }

    [Fact]
    public void Its_table_names_every_setting_and_no_other()
    {
        var documented = new List<string>();
        foreach (Match row in SettingsRow().Matches(_text))
        {
            var first = row.Groups[1].Value;
            documented.AddRange(Setting().Matches(row.Value.Split('|')[1]).Select(name =>
                (name.Groups[1].Value is { Length: > 0 } full ? full : first[..first.LastIndexOf(':', first.EndsWith(":0", StringComparison.Ordinal) ? first.Length - 3 : first.Length - 1)] + name.Groups[2].Value).Replace(":0", "", StringComparison.Ordinal)));
        }

        string[] there =
        [
            .. Names<SessionOptions>("Stateroom"),
            .. Names<SessionEndpointOptions>("Stateroom"),
            .. Names<AccessOptions>("Stateroom").Where(name => name is not ("Stateroom:ApiKeys" or "Stateroom:Jwt")),
            .. Names<ApiKeyEntry>("Stateroom:ApiKeys").Where(name => name != "Stateroom:ApiKeys:Key"),
            "Stateroom:Jwt:Resource",
            .. Names<JwtIssuer>("Stateroom:Jwt:Issuers"),
            .. Names<ScopeRule>("Stateroom:Scopes"),
            .. Names<EncryptionOptions>("Stateroom"),
            .. Names<FrontDoorOptions>("Stateroom"),
            "Stateroom:KeyRing:Folder",
            .. Names<KeyRingCertificate>("Stateroom:KeyRing:Certificate"),
            .. Names<KeyRingCertificate>("Stateroom:KeyRing:RetiredCertificates"),
            .. Names<LimitOptions>("Stateroom").Where(name => name != "Stateroom:Tenants"),
            .. Names<TenantLimits>("Stateroom:Tenants"),
            .. Names<HeaderOptions>("Stateroom"),
            .. Names<SecretFileOptions>("Stateroom"),
            .. Names<TelemetryOptions>("Stateroom"),
            .. Names<MetricsOptions>("Stateroom"),
            .. Names<WeatherOptions>("Weather").Where(name => name != "Weather:OpenMeteo"),
            .. Names<OpenMeteoOptions>("Weather:OpenMeteo"),
        ];
        Assert.Equal(there.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Names<T>(string section) =>
        typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => $"{section}:{property.Name}");

    private static Action<string> Holds(params string[] parts) => line => Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "mcp")
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}""", MediaTypeHeaderValue.Parse("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    internal static async Task<string> BashAsync(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(bash.ExitCode == 0, $"{output}\n{await errors}");
        return output;
    }

    internal static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Stateroom.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("These tests run from their build output inside the repository.");
        }

        return folder.FullName;
    }

    [GeneratedRegex("^```bash\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex BashBlock();

    [GeneratedRegex("^\\| `((?:Stateroom|Weather):[^`]+)`.*$", RegexOptions.Multiline)]
    private static partial Regex SettingsRow();

    [GeneratedRegex("`(?:([A-Z][^`]*)|(:[^`]+))`")]
    private static partial Regex Setting();
}
