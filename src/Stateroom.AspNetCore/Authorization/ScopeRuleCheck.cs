using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>
/// Has the server not start with a rule that would keep nobody out: one resource of the many that a template serves can be asked for under other spellings of its URI,
/// which the template's handler may take for the same.
/// </summary>
internal sealed class ScopeRuleCheck(IOptions<ScopeOptions> options, IOptions<McpServerOptions> server) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var faults = options.Value.Scopes.Select(FindFault).OfType<string>().ToList();
        return faults.Count == 0 ? Task.CompletedTask : throw new OptionsValidationException(Options.DefaultName, typeof(ScopeOptions), faults);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string? FindFault(ScopeRule rule)
    {
        if (rule.Resource is not { Length: > 0 } uri || server.Value.ResourceCollection is not { } resources || resources.TryGetPrimitive(uri, out _))
        {
            return null;
        }

        return resources.FirstOrDefault(resource => resource.IsMatch(uri)) is { IsTemplated: true } template
            ? $"The scope for the resource '{uri}' cannot be enforced: it is one of those that '{template.ProtocolResourceTemplate.UriTemplate}' serves, which clients can spell in other ways. Ask for the scope for that template."
            : null;
    }
}
