using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Stateless;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>The web server uses the context of a request again for the next one of its connection.</summary>
public sealed class RequestAccessorTests
{
    private readonly RequestAccessor _accessor = new();

    [Fact]
    public void What_still_runs_when_a_request_is_over_finds_neither_it_nor_the_next()
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        var flow = _accessor.Enter(context);
        Assert.Same(context, _accessor.HttpContext);
        Assert.Same(services, _accessor.Services);
        var late = ExecutionContext.Capture()!;

        flow.Dispose();
        using var next = _accessor.Enter(context);
        ExecutionContext.Run(late, _ => Assert.Equal((null, null), (_accessor.HttpContext, _accessor.Services)), null);
        Assert.Same(services, _accessor.Services);
    }

    [Fact]
    public void Who_asks_for_services_while_its_request_ends_is_not_given_those_of_the_next()
    {
        using var next = new ServiceCollection().BuildServiceProvider();
        var context = new DefaultHttpContext();
        var ending = new Ending(next) { Flow = _accessor.Enter(context) };
        context.Features.Set<IServiceProvidersFeature>(ending);

        Assert.Throws<ObjectDisposedException>(() => new RequestServices(_accessor).GetService(typeof(IServiceScopeFactory)));
    }

    /// <summary>Ends the request when it is asked for its services, which are the next one's then.</summary>
    private sealed class Ending(IServiceProvider next) : IServiceProvidersFeature
    {
        public required IDisposable Flow { get; init; }

        public IServiceProvider RequestServices
        {
            get
            {
                Flow.Dispose();
                return next;
            }
            set => throw new NotSupportedException();
        }
    }
}
