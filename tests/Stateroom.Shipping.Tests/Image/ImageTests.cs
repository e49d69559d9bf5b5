using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Stateroom.Shipping.Tests.Support;

namespace Stateroom.Shipping.Tests.Image;

/// <summary>The Dockerfile, and what it makes as far as that can be made without an engine.</summary>
[Collection(SharedImage.Name)]
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

    /// <summary>The line of docs/deploy.md that makes one file, and what comes out, far from its sources.</summary>
    [Fact]
    public async Task It_is_one_file_where_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        var line = Page.Text("docs/deploy.md").Split('\n').Single(l => l.StartsWith("dotnet publish", StringComparison.Ordinal) && l.Contains("--no-self-contained", StringComparison.Ordinal));
        var words = line.Replace("linux-x64", RuntimeInformation.RuntimeIdentifier, StringComparison.Ordinal).Replace("/opt/stateroom", folder.At("out"), StringComparison.Ordinal).Split(' ');
        await Command.RunAsync(image.Source, words[0], [.. words[1..], "-p:RunAnalyzers=false", "--nologo", "-nodeReuse:false"]);

        var file = folder.At("out", "Stateroom.Server");
        Assert.Empty(Directory.EnumerateFiles(folder.At("out"), "*.dll"));
        await using var server = ChildProcess.Start(file, ["--urls", $"http://127.0.0.1:{LoopbackPort.Next()}", "--Weather:Provider=Sample", "--Stateroom:ApiKeys:0:Tenant=acme", "--Stateroom:ApiKeys:0:Owner=alice", $"--Stateroom:ApiKeys:0:KeyHash={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("acme-alice")))}"], folder.Path);
        await Eventually.HoldsAsync(() => Task.FromResult(Listening().IsMatch(server.Output)), $"It does not listen:\n{server.Output}", TestContext.Current.CancellationToken);
        using var client = await new RawClient(new Uri($"{Listening().Match(server.Output).Groups[1].Value}/mcp"), "acme-alice").OpenAsync();
        Assert.Contains("84.9", await client.CallTextAsync("get_current_weather", """{"city":"Pune","units":"imperial"}"""), StringComparison.Ordinal);
        await server.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, server.ExitCode);
    }

    [GeneratedRegex(@"Now listening on: (http://[0-9.:]+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"<TargetFramework>net(\d+\.\d+)</TargetFramework>")]
    private static partial Regex TargetFramework();
}
