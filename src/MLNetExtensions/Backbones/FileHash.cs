using System.Security.Cryptography;

namespace MLNetExtensions.Backbones;

/// <summary>The SHA-256 of files, as 64 lower-case hexadecimal digits.</summary>
internal static class FileHash
{
    public static string Sha256(string path)
    {
        using FileStream stream = new(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            bufferSize: 1 << 20,
            FileOptions.SequentialScan
        );
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    public static async Task<string> Sha256Async(Stream stream, CancellationToken cancellation) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation).ConfigureAwait(false));
}
