using ModelContextProtocol.Protocol;
using Stateroom.Conformance.Fixture.Prompts;
using Stateroom.Conformance.Fixture.Resources;
using Stateroom.Conformance.Fixture.Tools;

namespace Stateroom.Conformance.Fixture;

/// <summary>Everything that the scenarios of the official suite call for, in both eras.</summary>
public static class ConformanceFixture
{
    public static IMcpServerBuilder WithConformanceFixture(this IMcpServerBuilder builder) => builder
        .WithTools<ContentTools>()
        .WithTools([SchemaTool.Create()])
        .WithTools<NotifyingTools>()
        .WithTools<AskingTools>()
        .WithTools<InputRequiredTools>()
        .WithTools<CapabilityTools>()
        .WithPrompts<FixturePrompts>()
        .WithResources<FixtureResources>()
        .WithCompleteHandler((request, _) => ValueTask.FromResult(Completions.For(request.Params)))
        .WithCacheHints();

    /// <summary>Every list and resource here is the same for every caller, and says so.</summary>
    private static IMcpServerBuilder WithCacheHints(this IMcpServerBuilder builder) => builder.WithRequestFilters(filters => filters
        .AddListToolsFilter(next => async (request, ct) => Cacheable(await next(request, ct)))
        .AddListPromptsFilter(next => async (request, ct) => Cacheable(await next(request, ct)))
        .AddListResourcesFilter(next => async (request, ct) => Cacheable(await next(request, ct)))
        .AddListResourceTemplatesFilter(next => async (request, ct) => Cacheable(await next(request, ct)))
        .AddReadResourceFilter(next => async (request, ct) => Cacheable(await next(request, ct))));

    private static T Cacheable<T>(T result)
        where T : ICacheableResult
    {
        result.TimeToLive = TimeSpan.FromMinutes(5);
        result.CacheScope = CacheScope.Public;
        return result;
    }
}
