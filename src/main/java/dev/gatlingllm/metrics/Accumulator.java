package dev.gatlingllm.metrics;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a mutable object that adds up responses. An accumulator can also add another one of its
 * type, returns its result as an immutable summary, and is written to and read from {@code
 * tokens-state.json.gz} by Jackson, field by field. None is safe for use by several threads.
 *
 * <p>Fields that are {@code transient} exist only while responses are added.
 */
@JacksonAnnotationsInside
@JsonAutoDetect(
    fieldVisibility = Visibility.ANY,
    getterVisibility = Visibility.NONE,
    isGetterVisibility = Visibility.NONE,
    setterVisibility = Visibility.NONE,
    creatorVisibility = Visibility.NONE)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Accumulator {}
