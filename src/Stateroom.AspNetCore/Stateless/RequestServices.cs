using Microsoft.Extensions.DependencyInjection;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>The services of whichever HTTP request is being served, for a server object that serves one after the other.</summary>
internal sealed class RequestServices(RequestAccessor http) : IKeyedServiceProvider
{
    /// <summary>The response to that request. It is a service to <see cref="Limits.AnswerFilter"/>, whichever thread its handler speaks from.</summary>
    public AnswerStream? Answer { get; set; }

    /// <summary>Never those of the whole program: a service that was made there for what one caller's handler does late would be kept for the next caller's.</summary>
    private IServiceProvider Current => http.Services ?? throw new ObjectDisposedException(nameof(IServiceProvider), "The request is over, and its services with it.");

    public object? GetService(Type serviceType) => serviceType == typeof(AnswerStream) ? Answer : Current.GetService(serviceType);

    public object? GetKeyedService(Type serviceType, object? serviceKey) => Current.GetKeyedService(serviceType, serviceKey);

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) => Current.GetRequiredKeyedService(serviceType, serviceKey);
}
