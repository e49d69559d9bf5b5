using Microsoft.Extensions.Options;

namespace Stateroom.Server.Hosting;

/// <summary>Settings that lie in files, as orchestrators hand secrets over: they stand neither in a command line nor in an environment that others can read.</summary>
internal sealed class SecretFileOptions
{
    /// <summary>
    /// A folder whose files are settings: the name of a file is the setting's, with <c>__</c> for <c>:</c>, and its content the value, without a line break at the end.
    /// They win over the same setting elsewhere. Default none.
    /// </summary>
    public string? SecretsFolder { get; set; }
}

/// <summary>Reads them.</summary>
internal static class SecretFiles
{
    private const string Setting = $"{Access.Section}:{nameof(SecretFileOptions.SecretsFolder)}";

    /// <exception cref="OptionsValidationException">The folder or a file in it cannot be read.</exception>
    public static void AddSecretFiles(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<SecretFileOptions>(Access.Section);
        if (builder.Configuration[Setting] is not { Length: > 0 } folder)
        {
            return;
        }

        try
        {
            builder.Configuration.AddKeyPerFile(Path.GetFullPath(folder));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OptionsValidationException(
                Options.DefaultName,
                typeof(SecretFileOptions),
                [$"{Setting} cannot be read: {exception.Message.ReplaceLineEndings(" ")} Give a folder that this process may read, with its files, or leave it out."]);
        }
    }
}
