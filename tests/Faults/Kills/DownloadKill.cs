using System.Security.Cryptography;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Faults.Kills;

/// <summary>A download from this machine.</summary>
internal sealed class DownloadKill : IKillKind
{
    public string Name => "download";

    public string Work(KillPlace place)
    {
        var entry = new BackboneInfo
        {
            Name = "net",
            FileName = KillServer.FileName,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(KillServer.Content)),
            Size = KillServer.Content.Length,
            License = "MIT",
            Preprocessing = new ImagePreprocessing { Width = 8, Height = 8 },
        };
        var options = new DownloadOptions { BaseAddresses = [new Uri(place.Server)], RetryDelay = TimeSpan.FromMilliseconds(10) };
        new BackboneDownload(entry, place.At("net.onnx"), options).RunAsync().GetAwaiter().GetResult();
        if (File.Exists(place.At("net.onnx.part")))
            throw new InvalidDataException("net.onnx.part is left.");
        return KillWork.Hash(File.ReadAllBytes(place.At("net.onnx")));
    }

    public void Read(KillPlace place)
    {
        if (File.Exists(place.At("net.onnx")) && !File.ReadAllBytes(place.At("net.onnx")).AsSpan().SequenceEqual(KillServer.Content))
            throw new InvalidDataException("net.onnx is not whole.");
    }
}
