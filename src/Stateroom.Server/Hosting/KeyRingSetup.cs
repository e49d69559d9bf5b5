using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Stateroom.Server.Hosting;

/// <summary>Places and protects the keys of Data Protection as the settings say.</summary>
internal static class KeyRingSetup
{
    private const string Section = $"{Access.Section}:{nameof(KeyRingSettings.KeyRing)}";

    /// <exception cref="OptionsValidationException">A certificate does not serve.</exception>
    public static void AddKeyRing(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<KeyRingSettings>(Access.Section);
        var options = new KeyRingOptions();
        builder.Configuration.GetSection(Section).Bind(options);
        var protection = builder.Services.AddDataProtection();
        if (options.Folder is { Length: > 0 } folder)
        {
            protection.PersistKeysToFileSystem(new DirectoryInfo(folder)).SetApplicationName("stateroom");
        }

        var retired = options.RetiredCertificates.Select((c, i) => Load(c, $"{Section}:{nameof(options.RetiredCertificates)}:{i}")).ToList();
        if (options.Certificate.Path is { Length: > 0 })
        {
            var certificate = Load(options.Certificate, $"{Section}:{nameof(options.Certificate)}");
            protection.ProtectKeysWithCertificate(certificate);
            retired.Insert(0, certificate);
        }

        if (retired.Count > 0)
        {
            protection.UnprotectKeysWithAnyCertificate([.. retired]);
        }
    }

    private static X509Certificate2 Load(KeyRingCertificate settings, string section)
    {
        try
        {
            var certificate = Read(settings);
            return certificate.GetRSAPrivateKey() is not null ? certificate : throw Fault("it has no RSA key");
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Fault(exception.Message);
        }

        OptionsValidationException Fault(string reason) => new(
            Options.DefaultName,
            typeof(KeyRingSettings),
            [$"{section} is no certificate that can protect keys: {reason.ReplaceLineEndings(" ")} Give :Path of a .pfx file or of a PEM file, :KeyPath where its key lies apart, and :Password where there is one."]);
    }

    private static X509Certificate2 Read(KeyRingCertificate settings)
    {
        var path = settings.Path ?? throw new ArgumentException("There is no Path.");
        var isPem = File.ReadAllText(path).Contains("-----BEGIN ", StringComparison.Ordinal);
        return !isPem ? X509CertificateLoader.LoadPkcs12FromFile(path, settings.Password)
            : string.IsNullOrEmpty(settings.Password) ? X509Certificate2.CreateFromPemFile(path, settings.KeyPath)
            : X509Certificate2.CreateFromEncryptedPemFile(path, settings.Password, settings.KeyPath);
    }
}
