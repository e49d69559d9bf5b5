using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Hosting;
using Stateroom.Shipping.Tests.Image;
using Stateroom.Shipping.Tests.Support;

namespace Stateroom.Shipping.Tests.Deploy;

/// <summary>
/// deploy/kubernetes, read in two ways: into the typed models of the client, which refuse what they do not know, and by the schemas of the API, which know what must be
/// there. Then what the files say is held to what the image does.
/// </summary>
[Collection(SharedImage.Name)]
public sealed partial class KubernetesTests(ImageFixture image)
{
    private static readonly HttpClient _http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(DeployFile.PathOf("kubernetes"), "*.yaml").Select(f => Path.GetFileName(f)!).Where(f => f != "kustomization.yaml")];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_file_is_what_the_api_takes(string file)
    {
        var path = DeployFile.PathOf($"kubernetes/{file}");
        Assert.Single(KubernetesYaml.LoadAllFromString(await File.ReadAllTextAsync(path, Token), strict: true));
        await DeployFile.ReadAsync("kubernetes", path);
        Assert.Contains($"  - {file}\n", await File.ReadAllTextAsync(DeployFile.PathOf("kubernetes/kustomization.yaml"), Token), StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_is_misspelt_or_missing_would_be_found()
    {
        var text = File.ReadAllText(DeployFile.PathOf("kubernetes/deployment.yaml"));
        Assert.ThrowsAny<Exception>(() => KubernetesYaml.LoadAllFromString(text.Replace("readOnlyRootFilesystem", "readonlyRootFilesystem", StringComparison.Ordinal), strict: true));
        Assert.ThrowsAny<Exception>(() => KubernetesYaml.LoadAllFromString(text.Replace("failureThreshold: 60", "failureThreshold: many", StringComparison.Ordinal), strict: true));
    }

    [Fact]
    public async Task A_value_that_the_schema_does_not_allow_would_be_found()
    {
        using var folder = new TemporaryFolder();
        var text = await File.ReadAllTextAsync(DeployFile.PathOf("kubernetes/deployment.yaml"), Token);
        await File.WriteAllTextAsync(folder.At("bad.yaml"), text.Replace("        - name: server\n", "        - tty: false\n", StringComparison.Ordinal), Token);
        await Assert.ThrowsAnyAsync<Exception>(() => DeployFile.ReadAsync("kubernetes", folder.At("bad.yaml")));
    }

    /// <summary>The restricted profile of the Pod Security Standards, which the namespace demands.</summary>
    [Fact]
    public void The_pod_asks_for_nothing_that_it_does_not_need()
    {
        var pod = Read<V1Deployment>("deployment").Spec.Template.Spec;
        var container = Assert.Single(pod.Containers);

        Assert.Equal("restricted", Read<V1Namespace>("namespace").Metadata.Labels["pod-security.kubernetes.io/enforce"]);
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.Equal(int.Parse(Dockerfile.Final.The("USER"), null), pod.SecurityContext.RunAsUser);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.All(pod.Volumes, volume => Assert.NotNull(volume.Secret));
        Assert.All(container.VolumeMounts, mount => Assert.True(mount.ReadOnlyProperty));
        Assert.NotNull(container.Resources.Limits["memory"]);
    }

    [Fact]
    public void Everything_speaks_of_the_same_pods_and_port()
    {
        var deployment = Read<V1Deployment>("deployment");
        var labels = deployment.Spec.Template.Metadata.Labels;
        var port = Assert.Single(deployment.Spec.Template.Spec.Containers[0].Ports);

        Assert.Equal(Dockerfile.Final.The("EXPOSE"), $"{port.ContainerPort}");
        Assert.Equal($"{port.ContainerPort}", Read<V1ConfigMap>("settings").Data["ASPNETCORE_HTTP_PORTS"]);
        Assert.Equal(labels, deployment.Spec.Selector.MatchLabels);
        Assert.Equal(labels, Read<V1Service>("service").Spec.Selector);
        Assert.Equal(labels, Read<V1PodDisruptionBudget>("disruption-budget").Spec.Selector.MatchLabels);
        Assert.Equal(labels, Read<V1NetworkPolicy>("network-policy").Spec.PodSelector.MatchLabels);
        Assert.Equal(port.Name, Assert.Single(Read<V1Service>("service").Spec.Ports).TargetPort.Value);
        Assert.Equal(port.Name, Assert.Single(Assert.Single(Read<V1NetworkPolicy>("network-policy").Spec.Ingress).Ports).Port.Value);
        Assert.All(Probes(deployment), probe => Assert.Equal(port.Name, probe.HttpGet.Port.Value));
        var target = Read<V2HorizontalPodAutoscaler>("autoscaler").Spec;
        Assert.Equal((deployment.Kind, deployment.Metadata.Name), (target.ScaleTargetRef.Kind, target.ScaleTargetRef.Name));
        Assert.Null(deployment.Spec.Replicas);
        Assert.True(target.MinReplicas > 1, "With one pod a disruption budget would block every drain of a node or help nobody.");
        var source = Assert.Single(deployment.Spec.Template.Spec.Containers[0].EnvFrom);
        Assert.Equal(Read<V1ConfigMap>("settings").Metadata.Name, source.ConfigMapRef.Name);
        Assert.Equal(Read<V1ConfigMap>("settings").Data["Stateroom__SecretsFolder"], Assert.Single(deployment.Spec.Template.Spec.Containers[0].VolumeMounts).MountPath);
    }

    [Fact]
    public void A_stop_has_the_time_that_the_settings_give_it()
    {
        var settings = Read<V1ConfigMap>("settings").Data;
        var pod = Read<V1Deployment>("deployment").Spec.Template.Spec;
        var host = new HostOptions().ShutdownTimeout;

        Assert.True(Time("DrainDelay") + Time("DrainTime") < host);
        Assert.True(Time("CallDrainTime") + TimeSpan.FromSeconds(1) < host);
        Assert.True(TimeSpan.FromSeconds(pod.TerminationGracePeriodSeconds!.Value) >= host + TimeSpan.FromSeconds(5));

        // By the end of the delay the kubelet has asked, and the Service has left the pod out.
        var readiness = pod.Containers[0].ReadinessProbe;
        Assert.True(Time("DrainDelay") > TimeSpan.FromSeconds(readiness.PeriodSeconds!.Value * readiness.FailureThreshold!.Value));

        TimeSpan Time(string name) => TimeSpan.Parse(settings[$"Stateroom__{name}"], null);
    }

    /// <summary>A setting that does not exist would stop the start; the probes are asked as the kubelet asks; and a SIGTERM is followed by what the Service needs.</summary>
    [Fact]
    public async Task The_settings_start_a_server_that_answers_the_probes_and_leaves_in_time()
    {
        const string Key = "a-key";
        using var secrets = new TemporaryFolder();
        await File.WriteAllTextAsync(secrets.At("Stateroom__ApiKeys__0__KeyHash"), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))), Token);
        var deployment = Read<V1Deployment>("deployment");
        var settings = new Dictionary<string, string>(Read<V1ConfigMap>("settings").Data);
        await using var server = await ContainerProcess.StartAsync(image, settings, secrets.Path);

        foreach (var probe in Probes(deployment))
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(server, probe));
        }

        Assert.Equal(HttpStatusCode.OK, await OpenAsync(server, Key, settings["Stateroom__AllowedHosts__0"]));
        Assert.Equal(HttpStatusCode.Forbidden, await OpenAsync(server, Key, "rebound.example"));

        var readiness = deployment.Spec.Template.Spec.Containers[0].ReadinessProbe;
        var watch = Stopwatch.StartNew();
        await server.SignalAsync("TERM");

        // Told to stop, it is not ready, lives, and answers what still comes; a session that would be lost with it, as here without Redis, it opens no more.
        await Eventually.HoldsAsync(async () => await AskAsync(server, readiness) == HttpStatusCode.ServiceUnavailable, "It is still ready.", Token);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, deployment.Spec.Template.Spec.Containers[0].LivenessProbe));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await OpenAsync(server, Key, "localhost"));
        await server.WaitAsync(Token);
        Assert.Equal(0, server.ExitCode);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(deployment.Spec.Template.Spec.TerminationGracePeriodSeconds!.Value));
    }

    /// <summary>The Secret holds what the lines of docs/deploy.md put there, each under the name of a setting; the server test above proves that names are read.</summary>
    [Fact]
    public void The_documented_secret_is_the_one_that_is_mounted()
    {
        var secret = Assert.Single(Read<V1Deployment>("deployment").Spec.Template.Spec.Volumes).Secret.SecretName;
        var line = Page.Blocks("docs/deploy.md", "bash").Single(block => block.Contains("kubectl", StringComparison.Ordinal) && block.Contains("create secret", StringComparison.Ordinal));
        Assert.Contains($"create secret generic {secret} ", line, StringComparison.Ordinal);
        Assert.Equal(["ConnectionStrings__Redis", "Stateroom__ApiKeys__0__KeyHash"], SecretFile().Matches(line).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    private static T Read<T>(string name) => KubernetesYaml.Deserialize<T>(File.ReadAllText(DeployFile.PathOf($"kubernetes/{name}.yaml")), strict: true);

    private static V1Probe[] Probes(V1Deployment deployment) =>
        deployment.Spec.Template.Spec.Containers[0] is { } container ? [container.StartupProbe, container.LivenessProbe, container.ReadinessProbe] : [];

    private static async Task<HttpStatusCode> AskAsync(ContainerProcess server, V1Probe probe)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, probe.HttpGet.Path));

        // As the kubelet does: each probe has a connection of its own.
        request.Headers.ConnectionClose = true;
        foreach (var header in probe.HttpGet.HttpHeaders)
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        using var response = await _http.SendAsync(request, Token);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> OpenAsync(ContainerProcess server, string key, string host)
    {
        using var client = new RawClient(new Uri(server.Address, "/mcp"), key);
        using var response = await client.SendAsync(HttpMethod.Post, RawClient.Initialize(), configure: request => (request.Headers.Host, request.Headers.ConnectionClose) = (host, true));
        return response.StatusCode;
    }

    [GeneratedRegex(@"--from-file=secrets/(\w+)")]
    private static partial Regex SecretFile();
}
