using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Export;

/// <summary>Python code that predicts an image with an exported model: onnxruntime, NumPy and Pillow.</summary>
internal static class PythonExample
{
    /// <summary>Writes the code, each line with its end.</summary>
    /// <param name="graph">The exported model, of one input.</param>
    /// <param name="file">Its file, as the code names it.</param>
    /// <param name="preprocessing">What it expects of images.</param>
    /// <param name="hasLabels">True if its metadata name the classes.</param>
    public static string Of(OnnxGraph graph, string file, ImagePreprocessing preprocessing, bool hasLabels)
    {
        (int width, int height) = (preprocessing.CanvasWidth, preprocessing.CanvasHeight);
        string mode = preprocessing.ChannelCount == 4 ? "RGBA" : "RGB";
        string resize = preprocessing.ResizeMode switch
        {
            ImageResizeMode.CropCenter => $"ImageOps.fit(image, ({width}, {height}), Image.Resampling.BICUBIC)",
            ImageResizeMode.Pad => $"ImageOps.pad(image, ({width}, {height}), Image.Resampling.BICUBIC)",
            _ => $"image.resize(({width}, {height}), Image.Resampling.NEAREST)",
        };
        string pixels =
            preprocessing.ChannelCount == 1
                ? "np.asarray(image.convert(\"L\"), dtype=np.float32)[None, None]"
                : "np.asarray(image, dtype=np.float32).transpose(2, 0, 1)[None]";
        string print = hasLabels
            ? $"labels = json.loads(session.get_modelmeta().custom_metadata_map[\"{ScoringMetadata.LabelsKey}\"])\n"
                + "print(labels[int(scores.argmax())], scores.max())"
            : "print(scores)";
        return $$"""
            import json
            import numpy as np
            import onnxruntime as ort
            from PIL import Image, ImageOps

            session = ort.InferenceSession("{{file}}")
            image = ImageOps.exif_transpose(Image.open("image.jpg")).convert("{{mode}}")
            image = {{resize}}
            pixels = {{pixels}}
            scores = session.run(["{{graph.Outputs[0].Name}}"], {"{{graph.Inputs[0].Name}}": pixels})[0][0]
            {{print}}

            """;
    }
}
