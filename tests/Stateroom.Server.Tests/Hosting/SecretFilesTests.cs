using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Stateroom.Server.Tests.Hosting;

public sealed class SecretFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stateroom-secrets-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_is_a_setting_and_wins_over_the_same_elsewhere()
    {
        // Written as `echo` writes it, with a line break at the end.
        Write("Stateroom__ApiKeys__0__KeyHash", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("from-a-file"))) + "\n");
        var (server, client) = await ServerProcess.StartAsync(
            "Production",
            $"--Stateroom:SecretsFolder={_folder.FullName}",
            "--Stateroom:ApiKeys:0:Tenant=acme",
            "--Stateroom:ApiKeys:0:Owner=alice",
            $"--Stateroom:ApiKeys:0:KeyHash={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("from-the-command-line")))}");
        await using (server)
        using (client)
        {
            Assert.Equal(HttpStatusCode.OK, await OpenAsync(client, "from-a-file"));
            Assert.Equal(HttpStatusCode.Unauthorized, await OpenAsync(client, "from-the-command-line"));
        }
    }

    [Fact]
    public async Task A_file_with_the_name_of_no_setting_stops_the_start()
    {
        Write("Stateroom__ApiKey", "secret");
        var (code, errors) = await ServerProcess.FailAsync("Development", $"--Stateroom:SecretsFolder={_folder.FullName}");
        Assert.Equal(2, code);
        Assert.Contains("There is no setting Stateroom:ApiKey.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret\n", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_stops_the_start()
    {
        var (code, errors) = await ServerProcess.FailAsync("Development", $"--Stateroom:SecretsFolder={Path.Combine(_folder.FullName, "nowhere")}");
        Assert.Equal(2, code);
        Assert.Contains("Stateroom:SecretsFolder cannot be read:", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private void Write(string name, string value) => File.WriteAllText(Path.Combine(_folder.FullName, name), value);

    private static async Task<HttpStatusCode> OpenAsync(HttpClient client, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "mcp")
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}""", MediaTypeHeaderValue.Parse("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
