using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Stateroom.Shipping.Tests.Support;

namespace Stateroom.Shipping.Tests.Image;

/// <summary>The Dockerfile, and what it makes as far as that can be made without an engine.</summary>
[Collection(ImageCollection.Name)]
public sealed partial class ImageTests(ImageFixture image)
{
    [Fact]
    public void It_has_no_shell_and_is_not_for_root()
    {
        var final = Dockerfile.Final;

        Assert.EndsWith("-chiseled", final.Image, StringComparison.Ordinal);
        Assert.True(int.Parse(final.The("USER"), null) > 0);

        // No RUN: there is nothing that could.
        Assert.Equal(["WORKDIR", "COPY", "ENV", "EXPOSE", "USER", "HEALTHCHECK", "ENTRYPOINT"], final.Instructions.Select(i => i.Keyword));
        Assert.Equal(final.The("EXPOSE"), final.Environment["ASPNETCORE_HTTP_PORTS"]);
        Assert.Equal(["dotnet", "Stateroom.Server.dll"], final.EntryPoint);
    }

    /// <summary>The images have the major version of .NET that the projects are for.</summary>
    [Fact]
    public void Its_bases_are_of_the_projects_version()
    {
        var version = TargetFramework().Match(File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"))).Groups[1].Value;
        Assert.All(Dockerfile.Stages, stage => Assert.Contains($":{version}-", stage.Image, StringComparison.Ordinal));
    }

    [Fact]
    public void It_holds_the_program_and_no_key_of_development()
    {
        Assert.True(File.Exists(Path.Combine(image.Folder, Dockerfile.Final.EntryPoint[1])));
        Assert.True(File.Exists(Path.Combine(image.Folder, "appsettings.json")));
        Assert.All(Directory.EnumerateFiles(image.Folder, "*.json"), file => Assert.DoesNotContain("dev-token", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_serves_as_a_user_who_may_write_nowhere()
    {
        var key = "a-key";
        await using var server = await ContainerProcess.StartAsync(image, new Dictionary<string, string>
        {
            ["Stateroom__AllowPlainHttp"] = "true",
            ["Stateroom__ApiKeys__0__KeyHash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
            ["Stateroom__ApiKeys__0__Tenant"] = "acme",
            ["Stateroom__ApiKeys__0__Owner"] = "alice",
            ["Weather__Provider"] = "Sample",
        });

        using var client = await new RawClient(new Uri(server.Address, "/mcp"), key).OpenAsync();
        Assert.Contains("\"preferredUnits\":\"imperial\"", await client.CallTextAsync("set_preferred_units", """{"units":"imperial"}"""), StringComparison.Ordinal);
        Assert.Contains("84.9", await client.CallTextAsync("get_current_weather", """{"city":"Pune"}"""), StringComparison.Ordinal);
        using (var stranger = new RawClient(new Uri(server.Address, "/mcp"), "dev-token"))
        using (var refused = await stranger.SendAsync(HttpMethod.Post, RawClient.Initialize()))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        var health = Dockerfile.Final.The("HEALTHCHECK");
        var command = JsonSerializer.Deserialize<string[]>(health[(health.IndexOf("CMD ", StringComparison.Ordinal) + 4)..])!;
        Assert.Equal(0, await server.ProbeAsync(command));
        await server.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, server.ExitCode);
        Assert.Equal(1, await server.ProbeAsync(command));
    }

    [GeneratedRegex(@"<TargetFramework>net(\d+\.\d+)</TargetFramework>")]
    private static partial Regex TargetFramework();
}
