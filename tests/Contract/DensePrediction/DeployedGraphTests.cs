using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks.Detection;
using MLNetExtensions.Onnx.Networks.Segmentation;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TrainingContract.DensePrediction;

/// <summary>What is deployed finds what the trainer finds, after some steps of training.</summary>
public class DeployedGraphTests
{
    private const int Rows = 2,
        Side = 64,
        Classes = 2,
        Objects = 3;

    [Fact]
    public void Boxes_and_scores_are_those_of_the_trainer()
    {
        DenseBackbone backbone = Backbone([8, 16, 32]);
        var detector = new DetectionGraph(backbone.Maps, new DetectionHead(Classes, 8, 1), seed: 1);
        int width = 1 + detector.Anchors * (4 + Classes);
        float[] objects = [.. Enumerable.Repeat(-1f, Rows * Objects * 5)];
        new float[] { 4, 6, 30, 40, 1 }.CopyTo(objects, 0);
        new float[] { 20, 10, 60, 50, 0 }.CopyTo(objects, Objects * 5);

        (float[] own, float[] deployed) = Compare(
            backbone,
            backbone.With(detector.ToTrain(Objects)),
            backbone.With(detector.ToDeploy()),
            width,
            objects
        );

        int anchors = detector.Anchors;
        for (int row = 0; row < Rows; row++)
        for (int anchor = 0; anchor < anchors; anchor++)
        {
            float[] box = [.. Enumerable.Range(0, 4).Select(edge => own[row * width + 1 + edge * anchors + anchor])];
            float[] center = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, box[2] - box[0], box[3] - box[1]];
            for (int value = 0; value < 4 + Classes; value++)
            {
                float expected = value < 4 ? center[value] : own[row * width + 1 + value * anchors + anchor];
                Assert.Equal(expected, deployed[(row * (4 + Classes) + value) * anchors + anchor], 1e-3f);
            }
        }
    }

    [Theory]
    [InlineData(SegmentationDecoder.FeaturePyramid)]
    [InlineData(SegmentationDecoder.UNet)]
    [InlineData(SegmentationDecoder.LiteRaspp)]
    public void Logits_are_those_of_the_trainer(SegmentationDecoder decoder)
    {
        DenseBackbone backbone = Backbone(SegmentationHead.StridesOf(decoder));
        var segmenter = new SegmentationGraph(backbone.Maps, new SegmentationHead(decoder, Classes, 8), seed: 1);
        float[] mask = [.. Enumerable.Range(0, Rows * Side * Side).Select(i => i / 16 % 2f)];

        (float[] own, float[] logits) = Compare(
            backbone,
            backbone.With(segmenter.ToTrain(new SegmentationLossTerms(1, 0, 0, 0, null))),
            backbone.With(segmenter.ToDeploy()),
            2 + Side * Side,
            mask
        );

        for (int row = 0; row < Rows; row++)
        {
            double loss = 0;
            for (int pixel = 0; pixel < Side * Side; pixel++)
            {
                double[] values = [.. Enumerable.Range(0, Classes).Select(c => (double)logits[(row * Classes + c) * Side * Side + pixel])];
                loss += Math.Log(values.Sum(Math.Exp)) - values[(int)mask[row * Side * Side + pixel]];
            }
            Assert.Equal(loss / (Side * Side), own[row * (2 + Side * Side)], 1e-3);
        }
    }

    private static (float[] Own, float[] Deployed) Compare(
        DenseBackbone backbone,
        OnnxGraph trained,
        OnnxGraph deployed,
        int width,
        float[] truth
    )
    {
        var random = new Random(1);
        float[] pixels = [.. Enumerable.Range(0, Rows * 3 * Side * Side).Select(_ => random.Next(256) * 1f)];
        var targets = new DenseTargets(width, "");
        var encoded = new float[Rows * targets.TargetWidth(training: true)];
        float weight = targets.Encode([0, 1], training: true, encoded);
        var batch = new TrainingBatch
        {
            Count = Rows,
            Inputs = [pixels, truth],
            Targets = encoded,
            TargetWeight = weight,
        };
        string[] parameters =
        [
            .. backbone.Parameters,
            .. DenseBackbone.HeadParameters(deployed, DetectionHead.Scope),
            .. DenseBackbone.HeadParameters(deployed, SegmentationHead.Scope),
        ];
        using ITrainingSession session = RuntimeUnderTest.CreateSession(
            trained,
            new TrainingSessionOptions
            {
                Loss = DenseTargets.FirstValue,
                TrainableParameters = parameters,
                Optimizer = new Adam(),
                Precision = TrainingPrecision.Float32,
            }
        );
        for (int step = 0; step < 5; step++)
            session.Step(batch, 1e-2f);
        var own = new float[Rows * width];
        session.Predict(batch, own);
        OnnxGraph model = deployed.WithWeights(session.ReadWeights());
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var runtime = new InferenceSession(model.ToBytes(), options);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(pixels, [Rows, 3, Side, Side]);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = runtime.Run(run, [model.Inputs[0].Name], [input], [model.Outputs[0].Name]);
        return (own, outputs[0].GetTensorDataAsSpan<float>().ToArray());
    }

    private static DenseBackbone Backbone(IReadOnlyList<int> strides)
    {
        var backbone = SmallBackbone.Create(Side, [8, 12, 16, 24, 32]);
        return new DenseBackbone(backbone, backbone.Preprocessing with { ResizeMode = ImageResizeMode.Pad }, strides);
    }
}
