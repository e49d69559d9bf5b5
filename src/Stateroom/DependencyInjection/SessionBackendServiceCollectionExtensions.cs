using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Stateroom.Administration;
using Stateroom.Diagnostics;
using Stateroom.Encryption;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers where sessions are held.</summary>
public static class SessionBackendServiceCollectionExtensions
{
    /// <summary>
    /// Puts a backend in the place of the one in process, or of another, whether that was registered before or after. What it holds is encrypted where
    /// <see cref="EncryptionOptions.EncryptAtRest"/> says so, and read in either case, so that the option can be switched while instances with and without it run together.
    /// </summary>
    /// <remarks>Where several instances share it, register an <see cref="Stateroom.SingleUse.IUsedTokens"/> that they share too; the one in process knows only this instance.</remarks>
    /// <typeparam name="TStore">The store; counts limits with <see cref="SealedContent.SizeOf"/>. One that is registered already is used.</typeparam>
    /// <typeparam name="TOutbox">The outbox, likewise.</typeparam>
    /// <typeparam name="TBackplane">The backplane.</typeparam>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddSessionBackend<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TOutbox,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TBackplane>(this IServiceCollection services)
        where TStore : class, ISessionStore
        where TOutbox : class, ISessionOutbox
        where TBackplane : class, ISessionBackplane
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<TStore>();
        services.TryAddSingleton<TOutbox>();
        services.TryAddSingleton<TBackplane>();
        services.AddOptions<EncryptionOptions>();
        services.TryAddSingleton<ContentProtector>();
        services.AddSessionMetrics();
        services.Replace(ServiceDescriptor.Singleton<ISessionStore>(p => p.Watch(new EncryptedSessionStore(p.GetRequiredService<TStore>(), p.GetRequiredService<ContentProtector>()))));
        services.Replace(ServiceDescriptor.Singleton<ISessionOutbox>(p => p.Watch(new EncryptedSessionOutbox(p.GetRequiredService<TOutbox>(), p.GetRequiredService<ContentProtector>()))));
        services.Replace(ServiceDescriptor.Singleton<ISessionBackplane>(p => new EncryptedSessionBackplane(p.GetRequiredService<TBackplane>(), p.GetRequiredService<ContentProtector>())));
        return services;
    }

    /// <summary>Puts a directory of a backend's sessions, for administration, in the place of the one in process, whether that was registered before or after.</summary>
    /// <typeparam name="TDirectory">The directory. What it tells of clients may be encrypted.</typeparam>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddSessionDirectory<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TDirectory>(this IServiceCollection services)
        where TDirectory : class, ISessionDirectory
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<TDirectory>();
        services.TryAddSingleton<ContentProtector>();
        return services.Replace(ServiceDescriptor.Singleton<ISessionDirectory>(
            p => new EncryptedSessionDirectory(p.GetRequiredService<TDirectory>(), p.GetRequiredService<ContentProtector>())));
    }

    /// <summary>A store of another kind brings a directory of its own; listing an empty one in its place would hide its sessions.</summary>
    internal static void TryAddDirectoryInProcess(this IServiceCollection services) => services.TryAddSingleton<ISessionDirectory>(p =>
    {
        var store = p.GetRequiredService<ISessionStore>();
        return MeteredSessionStore.Innermost(store) is InMemorySessionStore held && p.GetRequiredService<IStreamReaders>() is InMemoryStreamReaders readers
            ? new EncryptedSessionDirectory(new InMemorySessionDirectory(held, p.GetRequiredService<InMemorySessionOutbox>(), readers), p.GetRequiredService<ContentProtector>())
            : throw new InvalidOperationException($"The sessions are not held in process, and nobody registered an {nameof(ISessionDirectory)} that lists them.");
    });

    /// <summary>The parts in process, where nothing else is registered. Nobody but this process writes to them, so they need the encryption only where it is asked for.</summary>
    internal static void TryAddSessionsInProcess(this IServiceCollection services)
    {
        services.TryAddSingleton<InMemorySessionStore>();
        services.TryAddSingleton<InMemorySessionOutbox>();
        services.TryAddSingleton<InMemorySessionBackplane>();
        services.TryAddSingleton<ContentProtector>();
        services.AddSessionMetrics();
        services.TryAddSingleton<ISessionStore>(p => p.Watch(Choose<ISessionStore, InMemorySessionStore>(p, (store, protector) => new EncryptedSessionStore(store, protector))));
        services.TryAddSingleton<ISessionOutbox>(p => p.Watch(Choose<ISessionOutbox, InMemorySessionOutbox>(p, (outbox, protector) => new EncryptedSessionOutbox(outbox, protector))));
        services.TryAddSingleton<ISessionBackplane>(p => Choose<ISessionBackplane, InMemorySessionBackplane>(p, (backplane, protector) => new EncryptedSessionBackplane(backplane, protector)));
    }

    private static TPart Choose<TPart, TInProcess>(IServiceProvider services, Func<TInProcess, ContentProtector, TPart> encrypt)
        where TInProcess : class, TPart
    {
        var part = services.GetRequiredService<TInProcess>();
        return services.GetRequiredService<IOptions<EncryptionOptions>>().Value.EncryptAtRest ? encrypt(part, services.GetRequiredService<ContentProtector>()) : part;
    }
}
