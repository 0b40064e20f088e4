using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Peers.Figures;

namespace MLNetExtensions.Peers;

/// <summary>Something measured, with what it must show.</summary>
/// <param name="Name">What <c>bash tests/Peers/run</c> calls it.</param>
/// <param name="Description">What the number is, and its goal.</param>
/// <param name="Measure">Measures it, and prints what it consists of; null where this machine cannot tell.</param>
internal sealed record Figure(string Name, string Description, Func<double?> Measure)
{
    public static IReadOnlyList<Figure> All { get; } =
    [
        new("doctor-faults", "planted faults that mlnetx doctor finds and names the cure of, of 12", ToolFigures.DoctorFaults),
        new("mlnetx-start-ms", "time of mlnetx --help / dotnet --version, medians of 15, at most 3", ToolFigures.Start),
        new("golden-training", "networks of tests/Golden/training that agree with PyTorch, of 11", () => GoldenTraining.Measure()),
        new("explain-golden", "methods of explanation that agree with golden values to 1e-4, of 10", ExplanationFigures.Golden),
        new(
            "explain-cost",
            "time of Grad-CAM of a 224 px image by MobileNetV2, scoring included / its scoring, at most 3",
            ExplanationFigures.Cost
        ),
        new("onnx-nodes", "share of ONNX's node tests in scope that pass, at least 0.85", OnnxNodes.Measure),
        new(
            "finetune-flowers-frozen",
            "accuracy in %, frozen MobileNetV2, mean of 5 splits, at least 82",
            () => FineTuneAccuracy.Flowers("mobilenetv2_1.0_224_bn", all: false)
        ),
        new(
            "finetune-flowers-lite0",
            "accuracy in %, frozen EfficientNet-Lite0, mean of 5 splits, at least 86",
            () => FineTuneAccuracy.Flowers("efficientnet_lite0_224_bn", all: false)
        ),
        new(
            "recipe-flowers",
            "accuracy in % of FineTuneRecipe.Auto within 5 minutes, 140 photos of flowers, mean of 5 splits, at least 90",
            () => FineTuneAccuracy.Recipe("flowers")
        ),
        new(
            "recipe-cracks",
            "the same, 280 photos of concrete, at least 90",
            () => FineTuneAccuracy.Recipe("concrete_crack_200", "assets")
        ),
        new(
            "lora-flowers",
            "points that LoRA of rank 4 (under 5 % of the weights) has less than all layers, EfficientNet-Lite0, mean of 5 splits, at most 1",
            () => FineTuneAccuracy.LowRankLoss("efficientnet_lite0_224_bn", rank: 4)
        ),
        new(
            "lrfinder-factor",
            "suggested learning rate / the best of a grid (or the inverse), the largest of 3 tasks, at most 3",
            LearningRateFactor.Measure
        ),
        new(
            "finetune-flowers-full",
            "accuracy in %, all layers of MobileNetV2, at least 2 points above frozen",
            () => FineTuneAccuracy.Flowers("mobilenetv2_1.0_224_bn", all: true, Augment.Standard())
        ),
        new(
            "finetune-flowers-plain",
            "the same without augmentation, to compare with",
            () => FineTuneAccuracy.Flowers("mobilenetv2_1.0_224_bn", all: true)
        ),
        new(
            "finetune-cracks-frozen",
            "accuracy in %, frozen EfficientNet-Lite0, mean of 5 splits, at least 82",
            () => FineTuneAccuracy.Cracks(all: false)
        ),
        new(
            "finetune-cracks-full",
            "accuracy in %, all layers of EfficientNet-Lite0, at least 88",
            () => FineTuneAccuracy.Cracks(all: true)
        ),
        new(
            "finetune-all-safe",
            "share of networks (with BatchNorm, without, folded) whose loss does not rise in 3 epochs of all layers by default, at least 1",
            AllLayersSafety.Fraction
        ),
        new(
            "calibration-flowers",
            "calibration error (15 bins) of heads on frozen backbones by default, the largest of 4 backbones, test rows of 5 splits, at "
                + "most 0.08",
            HeadCalibration.Flowers
        ),
        new(
            "head-second-fit",
            "time of the second fit of a head on the same photos / the first fit's, flowers, MobileNetV2, at most 0.3",
            SecondFit.Ratio
        ),
        new("resnet20-reload", "accuracy in % on CIFAR-10's test set after compile, write-back and reload, 91.73", ResNet20Reload.Measure),
        new(
            "finetune-frozen-cost",
            "time of a frozen fine-tune of 1,000 photos / one pass of ONNX Runtime, at most 1.3",
            FrozenCost.Measure
        ),
        new(
            "resnet18-step-fp32",
            "step time / PyTorch 1.13, ResNet-18 at 224, batch 16, at most 1.0",
            () => ResNet18Step.Measure(bfloat16: false)
        ),
        new("resnet18-step-bf16", "the same in bf16 / PyTorch 1.13 in fp32, at most 0.6", () => ResNet18Step.Measure(bfloat16: true)),
        new(
            "augment-vs-torchvision",
            "images a second, file to augmented tensor, one core / torchvision 0.14 on Pillow, at least 7",
            AugmentationSpeed.Throughput
        ),
        new(
            "augment-only-vs-torchvision",
            "images a second, decoded to augmented, one core / torchvision 0.14 on Pillow, at least 8",
            AugmentationSpeed.Alone
        ),
        new(
            "augment-boxes-vs-torchvision",
            "images with boxes a second, decoded to augmented, one core / torchvision 0.14 on Pillow and NumPy, at least 5",
            BoxAugmentationSpeed.Alone
        ),
        new(
            "decode-vs-mlnet",
            "images a second, file to resized tensor, one core / ML.NET's LoadImages, ResizeImages, ExtractPixels, at least 2",
            AugmentationSpeed.DecodeResize
        ),
        new("augment-two-cores", "images a second, file to augmented tensor, two cores / one, at least 1.8", AugmentationSpeed.Scaling),
        new("image-ops", "operations that agree with Pillow, of 31", ImageOps.Measure),
        new(
            "cifar10-accuracy",
            "test accuracy in % on CIFAR-10 within PyTorch 1.13's time for 10 epochs of the seed CNN, mean of 3 seeds, at least 88",
            CifarFromScratch.Accuracy
        ),
        new(
            "data-wait-share",
            "share of training's time spent waiting for images, the larger of CIFAR-10 and flowers at 224 px, below 0.05",
            DataWait.Fraction
        ),
        new(
            "cifar10-time",
            "time of the 88 % run / PyTorch 1.13's 10 epochs of the seed CNN at batch 32, at most 1.0",
            CifarFromScratch.Time
        ),
        new(
            "seedcnn-step-32",
            "step time / PyTorch 1.13, the seed's CNN, batch 32, at most 0.75",
            () => SeedCnnStep.Measure(32, bfloat16: false)
        ),
        new("seedcnn-step-32-bf16", "the same in bf16 / PyTorch 1.13 in fp32, at most 0.55", () => SeedCnnStep.Measure(32, bfloat16: true)),
        new(
            "seedcnn-step-128",
            "step time / PyTorch 1.13, the seed's CNN, batch 128, at most 0.6",
            () => SeedCnnStep.Measure(128, bfloat16: false)
        ),
        new(
            "seedcnn-step-128-bf16",
            "the same in bf16 / PyTorch 1.13 in fp32, at most 0.35",
            () => SeedCnnStep.Measure(128, bfloat16: true)
        ),
        new(
            "seedcnn-accuracy",
            "test accuracy in % of the seed CNN after 10 epochs of Adam at batch 32, 66 to 69",
            SeedCnnAccuracy.Measure
        ),
        new(
            "step-memory",
            "memory that a training step takes / PyTorch 1.13's, the larger of the seed CNN (128) and ResNet-18 (16), at most 1.2",
            StepMemory.Measure
        ),
        new("finetune-memory", "peak memory of a frozen fine-tune of 2,000 photos / of 200, at most 1.1", FineTuneMemory.Measure),
        new(
            "int8-resnet20-loss",
            "points lost by INT8 quantization of ResNet-20 on CIFAR-10 (3.4 times smaller and faster), at most 0.2",
            Int8Loss.ResNet20
        ),
        new("int8-qat-loss", "points lost by INT8 quantization of ResNet-20 with fine-tuning, at most 0.1", Int8Loss.ResNet20FineTuned),
        new(
            "int8-mobilenetv2-loss",
            "points lost by INT8 quantization of MobileNetV2 with a linear probe, flowers, mean of 5 splits, at most 1",
            Int8Loss.MobileNetV2
        ),
        new(
            "prune-resnet20-loss",
            "points lost by ResNet-20 with half of its multiplications after training on, at most 1",
            PrunedResNet20.Loss
        ),
        new("prune-resnet20-speedup", "times that it is faster, at least 1.5", PrunedResNet20.Speedup),
        new("seedcnn-overhead-ms", "milliseconds of the seed CNN's step beside its kernels, below 0.3", SeedCnnStep.MeasureOverhead),
        new(
            "score-files-vs-mlnet",
            "time of ML.NET's pipeline from 640x480 JPEG files to MobileNetV2's scores / ScoreOnnx, at least 2",
            ScoringSpeed.FilesVsMLNet
        ),
        new(
            "score-files-vs-ort",
            "time of the best hand-written ONNX Runtime loop over the same files / ScoreOnnx, at least 0.95",
            ScoringSpeed.FilesVsOrt
        ),
        new(
            "score-tensors-vs-ort",
            "time of ONNX Runtime's best batch over tensors of 224 px / ScoreOnnx, at least 0.97",
            ScoringSpeed.TensorsVsOrt
        ),
        new(
            "score-tiny-vs-mlnet",
            "time of ML.NET's ApplyOnnxModel over tensors of 32 px / ScoreOnnx, at least 4",
            ScoringSpeed.TinyVsMLNet
        ),
        new(
            "score-memory",
            "peak memory of a million rows of 32 px scored, of the second half / the first, at most 1.05",
            ScoringMemory.Measure
        ),
        new(
            "predictor-64",
            "requests a second of VisionPredictor / one locked PredictionEngine, 64 callers, p99 no worse, 0 wrong answers in 100,000, "
                + "at least 3",
            SharedPredictor.Measure
        ),
        new(
            "webapp-rps",
            "requests a second of samples/WebApp, small images, 60 s on two cores, no error, memory flat, at least 200",
            WebAppUnderLoad.Rate
        ),
        new(
            "webapp-overhead",
            "part of the processor time of samples/WebApp outside decoding and inference, ResNet-18, at most 0.15",
            WebAppUnderLoad.Overhead
        ),
        new(
            "tf-golden-training",
            "networks of tests/Golden/training that agree with PyTorch on the TensorFlow runtime, of 11",
            TensorFlowStep.GoldenTraining
        ),
        new(
            "tf-step-32",
            "step time of the TensorFlow runtime / PyTorch 1.13, the seed's CNN, batch 32, at most 1.15",
            () => TensorFlowStep.Measure(32)
        ),
        new("tf-step-128", "the same, batch 128", () => TensorFlowStep.Measure(128)),
        new(
            "tf-overhead",
            "step time of the TensorFlow runtime / the same graph run by the bare C API, the seed's CNN, the larger of batches 32 and "
                + "128, below 1.05",
            TensorFlowStep.Overhead
        ),
        new(
            "unseen-models",
            "part of what users do with 102 kinds of ONNX files of all exporters that works, or ends with the right error, at least 0.97",
            UnseenMatrix.Measure
        ),
        new(
            "modelbuilder-programs",
            "programs of Model Builder projects (versions 1, 2, 4, 5) that compile against this library's files and agree with its model, of 4",
            ModelBuilderPrograms.Measure
        ),
        new(
            "bccd-map50",
            "mAP@0.5 in % on BCCD's test images, MobileNetV2 at 320x256, trained on two cores in at most 20 minutes, at least 88",
            DetectionAccuracy.Bccd
        ),
        new(
            "detect-step",
            "a training step of TrainDetector (MobileNetV2 at 320x256, batch 16, fp32) / the same graph and loss in PyTorch 1.13, at most 1.0",
            DenseStep.Detection
        ),
        new(
            "segment-step",
            "a training step of TrainSegmenter (MobileNetV2 at 256x192, batch 16, fp32) / the same graph and loss in PyTorch 1.13, at most 1.0",
            DenseStep.Segmentation
        ),
        new(
            "shapes-map50",
            "mAP@0.5 in % of sample Detection on shapes that it draws, trained in at most 3 minutes on two idle cores, at least 95",
            ShapeDetection.MeanAveragePrecision50
        ),
        new(
            "camvid-miou",
            "mean IoU in % on CamVid's test images, MobileNetV2 at 256x192, trained on two cores in at most 20 minutes, at least 52",
            SegmentationAccuracy.CamVid
        ),
        new(
            "asha-cost",
            "epochs of a sweep's default halving / the whole grid's, mean over 1,000 orders of the made table, none losing more than 0.5 "
                + "points, at most 0.3",
            AshaCost.DefaultRule
        ),
        new(
            "sweep-budget-error",
            "time of a sweep beyond its budget / the budget, the largest of 3 budgets, networks on drawn shapes, at most 0.05",
            SweepBudget.Overshoot
        ),
        new(
            "tpe-vs-random",
            "distance of the best of 60 trials from the best of 500 real runs, TPE / random draws, medians of 50 seeds, at most 0.8",
            HeadRuns.TpeVsRandom
        ),
        new(
            "pseudolabel-gain",
            "points of CIFAR-10's test accuracy that 10,000 images without labels add to 250 with labels, mean of 2 seeds, at least 8",
            PseudoLabelGain.Measure
        ),
        new(
            "multimodal-gain",
            "points of accuracy of images beside a number, more than the better of both alone, at least 5",
            MultimodalGain.Measure
        ),
        new("dp-step", "a step of DP-SGD / a plain one, 256 rows, the larger of two networks, at most 3", PrivateTraining.Step),
        new(
            "dp-epsilon-error",
            "largest relative difference of an epsilon from the golden ones, in millionths, at most 1",
            PrivateTraining.EpsilonError
        ),
        new(
            "conformal-coverage-error",
            "points between the mean coverage of conformal sets and the promise, the worst of 3 methods (and classes alone), flowers and "
                + "CIFAR-10, 20 splits, at most 1",
            ConformalCoverage.Error
        ),
        new(
            "label-errors-recall",
            "% of 500 flipped labels of CIFAR-10's test images found at 60 % precision, frozen ResNet-20, mean of 3 draws, at least 80",
            LabelErrorRecall.Measure
        ),
        new(
            "index-recall",
            "part of the 10 nearest that a HNSW index of 1,000,000 vectors of 128 finds, the lower of clustered and Gaussian ones, at least 0.95",
            IndexFigures.Recall
        ),
        new("index-qps", "its queries a second on two cores at that recall, at least 1000", IndexFigures.Rate),
        new(
            "tf-two-workers",
            "images a second of two workers with a thread each / one worker with two, the seed's CNN, 128 rows a step in all, at least "
                + "0.85",
            TensorFlowWorkers.Measure
        ),
    ];
}
