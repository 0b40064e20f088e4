using System.Numerics.Tensors;
using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// Predicts a part of the rows with heads trained on the others, for few rows, in milliseconds. It is regularized logistic regression in
/// the rows' products, by gradient descent with momentum. It finds the same head as training, except for dropout and the number of epochs,
/// which give weights of another size. So all outputs are scaled as the head's own differ from those of the same method on all rows.
/// </summary>
internal sealed class HeadFolds
{
    /// <summary>The most rows: time grows with their square.</summary>
    public const int MaximumRows = 600;

    private const int MaximumSteps = 200,
        EigenvalueIterations = 20;

    /// <summary>The square of the bias's feature: large, so that the penalty on weights hardly holds the bias.</summary>
    private const float BiasProduct = 10;

    private readonly float[] _products,
        _own;
    private readonly int _count,
        _classes;
    private readonly double _decay;

    /// <param name="features">The features.</param>
    /// <param name="rows">The training rows.</param>
    /// <param name="mean">Their features' means.</param>
    /// <param name="deviation">Their features' standard deviations.</param>
    /// <param name="head">The trained head.</param>
    /// <param name="decay">Its weight decay.</param>
    public HeadFolds(ITrainingRows features, int[] rows, float[] mean, float[] deviation, OnnxGraph head, double decay)
    {
        (_count, _decay) = (rows.Length, decay);
        int size = mean.Length;
        float[] values = FeatureStatistics.Standardize(features, rows, mean, deviation);
        float[] weight = head.Initializers[ClassificationHead.Weight].ToFloats(),
            bias = head.Initializers[ClassificationHead.Bias].ToFloats();
        _classes = bias.Length;
        _own = new float[_count * _classes];
        _products = new float[_count * _count];
        for (int row = 0; row < _count; row++)
        {
            ReadOnlySpan<float> own = values.AsSpan(row * size, size);
            for (int other = 0; other <= row; other++)
                _products[row * _count + other] = _products[other * _count + row] =
                    TensorPrimitives.Dot(own, values.AsSpan(other * size, size)) + BiasProduct;
            for (int c = 0; c < _classes; c++)
                _own[row * _classes + c] = TensorPrimitives.Dot(own, weight.AsSpan(c * size, size)) + bias[c];
        }
    }

    /// <summary>Predicts each part of the rows by the others.</summary>
    /// <param name="folds">The parts: places among the training rows.</param>
    /// <param name="targets">Tells the rows' targets.</param>
    /// <param name="rows">The training rows.</param>
    /// <param name="sampling">The sampling weight of each row; null for equal weights.</param>
    /// <returns>The logits of the parts' rows, one part after another.</returns>
    public float[] Predict(int[][] folds, TrainingTargets targets, int[] rows, IReadOnlyList<double>? sampling)
    {
        float[] encoded = new float[_count * _classes];
        targets.Encode(rows, training: true, encoded);
        if (sampling is not null)
            for (int row = 0; row < _count; row++)
                TensorPrimitives.Multiply(
                    encoded.AsSpan(row * _classes, _classes),
                    (float)sampling[row],
                    encoded.AsSpan(row * _classes, _classes)
                );
        int[] all = [.. Enumerable.Range(0, _count)];
        float[] whole = Solve(all, all, encoded);
        Center(whole);
        float[] own = [.. _own];
        Center(own);
        float squares = TensorPrimitives.SumOfSquares<float>(whole),
            scale = squares > 0 ? TensorPrimitives.Dot<float>(own, whole) / squares : 1;
        var logits = new List<float>();
        foreach (int[] fold in folds)
            logits.AddRange(Solve([.. all.Except(fold)], fold, encoded));
        float[] scaled = [.. logits];
        TensorPrimitives.Multiply(scaled, scale, scaled);
        return scaled;
    }

    /// <summary>The same number added to all of a row's logits says nothing.</summary>
    private void Center(float[] logits)
    {
        for (int at = 0; at < logits.Length; at += _classes)
            TensorPrimitives.Subtract(
                logits.AsSpan(at, _classes),
                TensorPrimitives.Sum<float>(logits.AsSpan(at, _classes)) / _classes,
                logits.AsSpan(at, _classes)
            );
    }

    /// <summary>Trains on some rows and predicts others.</summary>
    private float[] Solve(int[] training, int[] asked, float[] targets)
    {
        int n = training.Length;
        float[] products = Select(training, training),
            goal = new float[_classes * n],
            weights = new float[n];
        double total = 0;
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<float> target = targets.AsSpan(training[i] * _classes, _classes);
            weights[i] = TensorPrimitives.Sum(target);
            total += weights[i];
            for (int c = 0; c < _classes; c++)
                goal[c * n + i] = target[c];
        }
        TensorPrimitives.Divide(weights, (float)total, weights);
        TensorPrimitives.Divide(goal, (float)total, goal);

        // In the space of weights, steps of gradient descent stay within the rows: w = sum of coefficients times rows.
        double curvature = 0.5 * LargestEigenvalue(products, n) * TensorPrimitives.Max<float>(weights) + _decay,
            least = Math.Max(_decay, curvature / 1e4);
        float step = (float)(1 / curvature),
            momentum = (float)((Math.Sqrt(curvature) - Math.Sqrt(least)) / (Math.Sqrt(curvature) + Math.Sqrt(least)));
        float[] coefficients = new float[_classes * n],
            ahead = new float[_classes * n],
            gradient = new float[_classes * n];
        for (int iteration = 0; iteration < MaximumSteps; iteration++)
        {
            Multiply(products, n, n, ahead, gradient);
            ToProbabilities(gradient, n);
            for (int c = 0; c < _classes; c++)
                TensorPrimitives.Multiply(gradient.AsSpan(c * n, n), weights, gradient.AsSpan(c * n, n));
            TensorPrimitives.Subtract(gradient, goal, gradient);
            TensorPrimitives.MultiplyAdd(ahead, (float)_decay, gradient, gradient);
            if (TensorPrimitives.Norm<float>(gradient) < 1e-5f)
                break;
            // ahead becomes the new coefficients, and then what lies a momentum beyond them.
            TensorPrimitives.MultiplyAdd(gradient, -step, ahead, ahead);
            TensorPrimitives.Subtract(ahead, coefficients, gradient);
            ahead.CopyTo(coefficients, 0);
            TensorPrimitives.MultiplyAdd(gradient, momentum, ahead, ahead);
        }
        float[] answers = new float[_classes * asked.Length],
            rows = new float[answers.Length];
        Multiply(Select(asked, training), asked.Length, n, coefficients, answers);
        for (int i = 0; i < asked.Length; i++)
        for (int c = 0; c < _classes; c++)
            rows[i * _classes + c] = answers[c * asked.Length + i];
        return rows;
    }

    private float[] Select(int[] rows, int[] columns)
    {
        float[] selected = new float[rows.Length * columns.Length];
        for (int row = 0; row < rows.Length; row++)
        for (int column = 0; column < columns.Length; column++)
            selected[row * columns.Length + column] = _products[rows[row] * _count + columns[column]];
        return selected;
    }

    /// <summary>[rows, columns] times [classes, columns] transposed, to [classes, rows].</summary>
    private void Multiply(float[] matrix, int rows, int columns, float[] vectors, float[] results)
    {
        for (int row = 0; row < rows; row++)
        for (int c = 0; c < _classes; c++)
            results[c * rows + row] = TensorPrimitives.Dot(matrix.AsSpan(row * columns, columns), vectors.AsSpan(c * columns, columns));
    }

    private void ToProbabilities(float[] logits, int n)
    {
        Span<float> row = _classes <= 256 ? stackalloc float[_classes] : new float[_classes];
        for (int i = 0; i < n; i++)
        {
            for (int c = 0; c < _classes; c++)
                row[c] = logits[c * n + i];
            TensorPrimitives.Subtract(row, TensorPrimitives.Max<float>(row), row);
            TensorPrimitives.SoftMax<float>(row, row);
            for (int c = 0; c < _classes; c++)
                logits[c * n + i] = row[c];
        }
    }

    private static double LargestEigenvalue(float[] matrix, int n)
    {
        double largest = PowerIteration.LargestEigenvalue(
            n,
            EigenvalueIterations,
            (direction, next) =>
            {
                for (int row = 0; row < n; row++)
                    next[row] = TensorPrimitives.Dot(matrix.AsSpan(row * n, n), direction);
            }
        );
        // Power iteration comes from below.
        return 1.1 * largest;
    }
}
