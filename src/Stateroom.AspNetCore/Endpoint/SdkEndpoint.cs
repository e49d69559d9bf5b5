using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>
/// The SDK's own stateless endpoint as a delegate. It is mapped on a route builder that nobody serves, so that one route of ours can decide the era first.
/// </summary>
internal static class SdkEndpoint
{
    public static RequestDelegate Create(IServiceProvider services)
    {
        var routes = new UnservedRoutes(services);
        routes.MapMcp();
        return routes.DataSources
            .SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Post) == true)
            .Select(endpoint => endpoint.RequestDelegate)
            .Single(handler => handler is not null)!;
    }

    private sealed class UnservedRoutes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
