using System.IO.Compression;
using System.Text;
using Xunit;

namespace MLNetExtensions.TestData.Graphs;

/// <summary>The first bytes of files that are no ONNX models.</summary>
public static class OtherFiles
{
    /// <summary>What each is called, what is advised, and its bytes.</summary>
    public static TheoryData<string, string, byte[]> All =>
        new()
        {
            {
                "Git LFS pointer",
                "git lfs pull",
                Encoding.UTF8.GetBytes("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 97\n")
            },
            { "web page", "/resolve/", Encoding.UTF8.GetBytes("\n\n<!DOCTYPE html>\n<html lang=\"en\"><head></head></html>") },
            { "web page", "raw", Encoding.UTF8.GetBytes("\uFEFF<HTML></HTML>") },
            { "XML document", "OpenVINO", Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><net name=\"x\"></net>") },
            { "PyTorch file", "torch.onnx.export", Zip("archive/data.pkl") },
            { "Python pickle", "torch.onnx.export", [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46] },
            { "Keras model (.keras)", "model.export", Zip("metadata.json") },
            { "ML.NET saved", "ml.Model.Load", Zip("TransformerChain/Model.key") },
            { "zip archive", "unpack", Zip("model.onnx") },
            { "HDF5", "Keras", [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0] },
            {
                "safetensors",
                "Optimum",
                [
                    .. BitConverter.GetBytes(60L),
                    .. Encoding.UTF8.GetBytes("{\"weight\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"),
                ]
            },
            { "TensorFlow Lite", "tf2onnx", [0x1c, 0, 0, 0, .. Encoding.ASCII.GetBytes("TFL3"), 0, 0] },
            {
                "ONNX Runtime's own format (.ort)",
                "ONNX file that it was made of",
                [0x1c, 0, 0, 0, .. Encoding.ASCII.GetBytes("ORTM"), 0, 0]
            },
            { "gzip", "unpack", [0x1f, 0x8b, 8, 0] },
            {
                "TensorFlow model (.pb)",
                "ReadSavedModel",
                [
                    0x0a,
                    0x30,
                    0x0a,
                    0x01,
                    (byte)'x',
                    0x12,
                    0x0b,
                    .. Encoding.ASCII.GetBytes("Placeholder"),
                    0x2a,
                    0x0b,
                    0x0a,
                    0x05,
                    .. Encoding.ASCII.GetBytes("dtype"),
                ]
            },
            { "JSON document", "model's own file", Encoding.UTF8.GetBytes("{\"error\":\"not found\"}") },
        };

    private static byte[] Zip(string entry)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
            zip.CreateEntry(entry).Open().Dispose();
        return stream.ToArray();
    }
}
