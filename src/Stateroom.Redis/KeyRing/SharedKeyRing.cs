using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.Infrastructure;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Stateroom.Encryption;
using Stateroom.Redis.Connection;

namespace Stateroom.Redis.KeyRing;

/// <summary>Has all instances seal with the same keys, where the host has not arranged that itself.</summary>
internal static class SharedKeyRing
{
    public static void AddSharedKeyRing(this IServiceCollection services)
    {
        services.AddDataProtection();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<KeyManagementOptions>, Place>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<DataProtectionOptions>, Name>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EncryptionOptions>, KeyRingValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, KeyRingUpkeep>());
        if (services.FirstOrDefault(s => s.ServiceType == typeof(IKeyManager)) is { ImplementationType: { } manager })
        {
            services.Replace(ServiceDescriptor.Singleton<IKeyManager>(provider => new RefreshedKeyManager((IKeyManager)ActivatorUtilities.CreateInstance(provider, manager))));
        }
    }

    private sealed class Place(RedisConnection connection, RedisCommands commands, RedisKeys keys, IOptions<RedisSessionOptions> redis) : IPostConfigureOptions<KeyManagementOptions>
    {
        public void PostConfigure(string? name, KeyManagementOptions options) => options.XmlRepository ??= new RedisKeyRing(connection, commands, keys, redis);
    }

    /// <summary>Unless named, an application is known by the directory that it lies in, which may differ between instances.</summary>
    private sealed class Name(IOptions<KeyManagementOptions> ring, IServiceProvider services) : IPostConfigureOptions<DataProtectionOptions>
    {
        public void PostConfigure(string? name, DataProtectionOptions options)
        {
            var directory = services.GetService<IApplicationDiscriminator>()?.Discriminator;
            if (ring.Value.XmlRepository is RedisKeyRing && (options.ApplicationDiscriminator is null || options.ApplicationDiscriminator == directory))
            {
                options.ApplicationDiscriminator = "stateroom";
            }
        }
    }
}
