using System.Buffers.Binary;
using System.Text;

namespace MLNetExtensions.Onnx;

/// <summary>Tells what a file is that was taken for an ONNX model, by its first bytes, and how to get the model.</summary>
internal static class FileKind
{
    /// <summary>The bytes from the beginning that are looked at.</summary>
    public const int Looked = 4096;

    private const string PyTorch = "export the network in Python with torch.onnx.export(model, example, \"model.onnx\", dynamo=True)";

    /// <summary>Describes a file of another known kind and the remedy; null if the kind is not known.</summary>
    /// <param name="head">Its first <see cref="Looked"/> bytes, or all where there are fewer.</param>
    public static string? Describe(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("version https://git-lfs.github.com/spec"u8))
            return "a Git LFS pointer of a few lines that stands for the model: run \"git lfs pull\" in its repository, or download the "
                + "file itself";
        if (StartsWithTag(head, "<!doctype html") || StartsWithTag(head, "<html") || StartsWithTag(head, "<head"))
            return "a web page: the address led to a page about the model (or to a login). Download the file itself; on GitHub the link "
                + "'raw', on Hugging Face '/resolve/' in place of '/blob/'";
        if (StartsWithTag(head, "<?xml"))
            return "an XML document (OpenVINO stores networks so): use the ONNX file that it was made of";
        if (head.StartsWith("PK\u0003\u0004"u8))
            return Zip(head);
        if (head.Length > 1 && head[0] == 0x80 && head[1] is >= 2 and <= 5)
            return $"a Python pickle, as torch.save wrote it in older versions of PyTorch (.pt, .pth): {PyTorch}";
        if (head.Length > 8 && head[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(head) is > 1 and < 100 << 20)
            return "a safetensors file, which holds weights without the network: load it in Python into its network and export that as "
                + "ONNX (for Transformers with Optimum: \"optimum-cli export onnx\")";
        if (head.StartsWith(new byte[] { 0x89, (byte)'H', (byte)'D', (byte)'F' }))
            return "an HDF5 file, as Keras saves models (.h5): load it in Python and write ONNX with model.export(\"model.onnx\", "
                + "format=\"onnx\") of Keras 3, or with tf2onnx";
        if (Has(head, 4, "TFL3"u8))
            return "a TensorFlow Lite model (.tflite): convert it in Python with \"python -m tf2onnx.convert --tflite model.tflite "
                + "--output model.onnx\"";
        if (Has(head, 4, "ORTM"u8))
            return "a model in ONNX Runtime's own format (.ort), which is made of an ONNX file for a certain program and cannot be read "
                + "back: use the ONNX file that it was made of";
        if (head.StartsWith("GGUF"u8))
            return "a GGUF file of a language model, which is no image network";
        if (head.Length > 1 && head[0] == 0x1f && head[1] == 0x8b)
            return "compressed with gzip: unpack it first";
        if (head.StartsWith(new byte[] { (byte)'7', (byte)'z', 0xbc, 0xaf }))
            return "a 7-Zip archive: unpack it first";
        if (IsTensorFlow(head))
            return "a TensorFlow model (.pb): read its SavedModel folder with TensorFlowModel.ReadSavedModel of the package "
                + "MLNetExtensions.TensorFlow, or convert it with tf2onnx";
        if (head.TrimStart(" \r\n\t"u8) is [(byte)'{', ..] text && text.IndexOf((byte)'"') is >= 0 and < 16)
            return "a JSON document: a server's message, or the description of a model. Download the model's own file";
        return null;
    }

    private static string Zip(ReadOnlySpan<byte> head)
    {
        string first =
            head.Length > 30
                ? Encoding.UTF8.GetString(head.Slice(30, Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(head[26..]), head.Length - 30)))
                : "";
        if (
            first.EndsWith("data.pkl", StringComparison.Ordinal)
            || first.EndsWith("/version", StringComparison.Ordinal)
            || first.EndsWith(".format_version", StringComparison.Ordinal)
        )
            return $"a PyTorch file (.pt, .pth), as torch.save writes it: {PyTorch}";
        if (first is "metadata.json" or "config.json" or "model.weights.h5")
            return "a Keras model (.keras): load it in Python and write ONNX with model.export(\"model.onnx\", format=\"onnx\")";
        if (
            first.StartsWith("TransformerChain", StringComparison.Ordinal)
            || first.StartsWith("TrainingInfo", StringComparison.Ordinal)
            || first == "Schema"
        )
            return "a model that ML.NET saved: load it with ml.Model.Load";
        return $"a zip archive{(first.Length > 0 ? $" (it begins with '{first}')" : "")}: unpack it first";
    }

    private static bool StartsWithTag(ReadOnlySpan<byte> head, string tag)
    {
        // A mark of UTF-8 and empty lines may stand before it.
        ReadOnlySpan<byte> text = (head.StartsWith("\uFEFF"u8) ? head[3..] : head).TrimStart(" \r\n\t"u8);
        return text.Length >= tag.Length && Encoding.ASCII.GetString(text[..tag.Length]).Equals(tag, StringComparison.OrdinalIgnoreCase);
    }

    private static bool Has(ReadOnlySpan<byte> head, int at, ReadOnlySpan<byte> mark) =>
        head.Length >= at + mark.Length && head.Slice(at, mark.Length).SequenceEqual(mark);

    /// <summary>A GraphDef begins with a node: its name, then its operator; a SavedModel names TensorFlow's version and its tags.</summary>
    private static bool IsTensorFlow(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(new byte[] { 0x08, 0x01, 0x12 }))
            return head.IndexOf("serve"u8) >= 0 || head.IndexOf("tensorflow"u8) >= 0 || head.IndexOf("saved_model"u8) >= 0;
        return head.Length > 4
            && head[0] == 0x0a
            && (head.IndexOf("\u0012\u000bPlaceholder"u8) >= 0 || head.IndexOf("\u0012\u0005Const"u8) >= 0)
            && head.IndexOf("dtype"u8) >= 0;
    }
}
